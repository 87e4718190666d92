// Values as Go's structs hold them: fields in their order, nothing but what the struct has, what is empty left out. The order
// of a struct's fields is the one of its shape.

import { canonicalJson, isList, isObject, type Json } from './json.ts';
import type { Shape } from './shape.ts';

/** Fields that are pointers in Go: false, 0 and '' are values of their own. */
type IsPointer = (field: string) => boolean;

export function goValue(shape: Shape<unknown>, value: Json, isPointer: IsPointer = () => false): Json {
  const { fields, item } = shape;
  if (isList(value) && item) return value.map((each) => goValue(item, each, isPointer));
  if (!isObject(value)) return value;
  if (!fields) return value;
  const entries = Object.entries(fields).flatMap(([key, field]): [string, Json][] => {
    const each = value[key];
    if (each === undefined || each === null) return [];
    return field.optional && !isPointer(key) && isEmpty(each) ? [] : [[key, goValue(field, each, isPointer)]];
  });
  return Object.fromEntries(entries);
}

/** What `omitempty` leaves out. */
function isEmpty(value: Json): boolean {
  return value === '' || value === 0 || value === false || (isList(value) && value.length === 0);
}

/** Where two values of a shape differ, as the reference names it: each step on the way to each leaf. */
export function differentFields(shape: Shape<unknown>, before: Json | undefined, after: Json | undefined): string[] {
  if (canonicalJson(before) === canonicalJson(after) || (isZero(before) && isZero(after))) return [];
  if (shape.fields) {
    const [left, right] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
    return Object.entries(shape.fields).flatMap(([key, field]) => {
      const isWhole = field.type === 'object' && (isUnset(left[key]) || isUnset(right[key]));
      if (isUnset(left[key]) && isUnset(right[key])) return [];
      return isWhole ? [goName(key)] : under([goName(key)], differentFields(field, left[key], right[key]));
    });
  }
  if (shape.item) return differentItems(shape.item, isList(before) ? before : [], isList(after) ? after : []);
  return [''];
}

/** Items that the other list does not have anywhere, each beside the one that took its place. */
function differentItems(item: Shape<unknown>, before: readonly Json[], after: readonly Json[]): string[] {
  const missing = (list: readonly Json[], other: readonly Json[]): number[] => {
    const rest = other.map(canonicalJson);
    return list.flatMap((each, index) => {
      const at = rest.indexOf(canonicalJson(each));
      if (at >= 0) rest.splice(at, 1);
      return at >= 0 ? [] : [index];
    });
  };
  const [gone, added] = [missing(before, after), missing(after, before)];
  return [...new Set([...gone, ...added])].flatMap((index) =>
    under(
      [String(index)],
      differentFields(
        item,
        gone.includes(index) ? before[index] : undefined,
        added.includes(index) ? after[index] : undefined,
      ),
    ),
  );
}

/** The way of a leaf is told whole: 'Destinations,0,Server'. */
const under = (way: readonly string[], leaves: readonly string[]): string[] =>
  leaves.map((leaf) => [...way, ...(leaf === '' ? [] : [leaf])].join(','));

const isUnset = (value: Json | undefined): boolean => value === undefined || value === null;

const isZero = (value: Json | undefined): boolean => isUnset(value) || value === '' || value === 0 || value === false;

const INITIALS: Readonly<Record<string, string>> = {
  iat: 'IssuedAt',
  exp: 'ExpiresAt',
  id: 'ID',
  url: 'URL',
  gpg: 'GPG',
  jwtTokens: 'JWTTokens',
  andOperator: 'UseAndOperator',
};

/** A field's name in Go. */
const goName = (field: string): string => INITIALS[field] ?? field.charAt(0).toUpperCase() + field.slice(1);
