// What is asked of a custom resource beside the words of its schema: of objects within it, and of items that must differ.

import { isList, isObject, type Json, type JsonObject, sameJson } from '../../core/json.ts';
import { fieldType, itemType, type Schema, type TypeOf } from '../../objects/schema.ts';
import { type Cause, duplicate, invalidValue, required } from '../status.ts';
import { embeddedMetaCauses } from './meta.ts';
import { labelProblems, pathProblems, serviceProblems } from './names.ts';
import { anyText, fields, items, text } from './rules.ts';
import { below } from './schema-parts.ts';

type Visit = (value: Json, schema: Schema, path: string) => Cause[];

/** What is found in a value and in all that it holds. */
function everywhere(value: Json | undefined, type: TypeOf, path: string, visit: Visit): Cause[] {
  const { schema } = type;
  if (value === undefined || value === null || schema === undefined) return [];
  const own = visit(value, schema, path);
  if (isList(value)) {
    const inner = itemType(type);
    return [...own, ...value.flatMap((item, index) => everywhere(item, inner, `${path}[${index}]`, visit))];
  }
  if (!isObject(value)) return own;
  const inner = Object.entries(value).flatMap(([key, item]) =>
    everywhere(item, fieldType(type, key), below(path, key), visit),
  );
  return [...own, ...inner];
}

/** An object within another says what it is, and its metadata holds what every object's must. */
export const embeddedCauses = (value: Json | undefined, type: TypeOf, path: string): Cause[] =>
  everywhere(value, type, path, (one, schema, field) =>
    isObject(one) && schema['x-kubernetes-embedded-resource'] === true
      ? [...typeNameCauses(one, field), ...metadataCauses(one, below(field, 'metadata'))]
      : [],
  );

function typeNameCauses(value: JsonObject, path: string): Cause[] {
  const mixed = 'may have mixed case, but should otherwise match: ';
  return ['apiVersion', 'kind'].flatMap((name) => {
    const [field, word] = [below(path, name), value[name]];
    if (word === undefined) return [required(field)];
    if (typeof word !== 'string') return [invalidValue(field, word, 'must be a string')];
    if (word === '') return [invalidValue(field, word, 'must not be empty')];
    if (name === 'apiVersion')
      return word.split('/').length > 2 ? [invalidValue(field, word, `unexpected GroupVersion string: ${word}`)] : [];
    const problems = serviceProblems(word.toLowerCase());
    return problems.length > 0 ? [invalidValue(field, word, `${mixed}${problems.join(',')}`)] : [];
  });
}

const nameOfObject = text(pathProblems);
const namespaceOfObject = text(labelProblems);
const writers = items(
  fields({
    operation: anyText((word) => (['Apply', 'Update'].includes(word) ? [] : ['must be `Apply` or `Update`'])),
  }),
);

const metadataCauses = ({ metadata }: JsonObject, path: string): Cause[] =>
  isObject(metadata)
    ? [
        ...nameOfObject(metadata['name'], below(path, 'name')),
        ...namespaceOfObject(metadata['namespace'], below(path, 'namespace')),
        ...embeddedMetaCauses(metadata, path),
        ...writers(metadata['managedFields'], below(path, 'managedFields')),
      ]
    : [];

/** Items of sets and of lists with keys that are there twice. */
export const repeatedCauses = (value: Json | undefined, type: TypeOf, path: string): Cause[] =>
  everywhere(value, type, path, (one, schema, field) => (isList(one) ? uniqueCauses(one, schema, field) : []));

function uniqueCauses(value: readonly Json[], schema: Schema, path: string): Cause[] {
  const kind = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (kind !== 'set' && kind !== 'map') return [];
  const identities = value.map((item) =>
    kind === 'map' && isObject(item) ? Object.fromEntries(keys.map((key) => [key, item[key]])) : item,
  );
  const strays =
    kind === 'map'
      ? value.flatMap((item, index) =>
          item === null || isObject(item)
            ? []
            : [invalidValue(`${path}[${index}]`, item, 'must be an object for an array of list-type map')],
        )
      : [];
  if (strays.length > 0) return strays;
  return identities.flatMap((identity, index) => {
    const earlier = identities.slice(0, index).filter((other) => sameJson(other, identity)).length;
    return earlier === 1 ? [duplicate(`${path}[${index}]`, identity)] : [];
  });
}
