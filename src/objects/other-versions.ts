// One kind, served in several versions: what each manager owns is told in the version that he wrote, so a change is looked at in each.

import type { JsonObject } from '../core/json.ts';
import type { KubeObject } from './object.ts';
import type { TypeOf } from './schema.ts';
import { compareTyped, type FieldDifference, UntypableError } from './typed.ts';
import { typedFaults } from './typed-faults.ts';

export interface OtherVersion {
  readonly type: TypeOf;
  readonly convert: (object: KubeObject) => KubeObject;
}

/** Finds another version of a kind by its apiVersion; undefined where there is none such any more. */
export type OtherVersions = (apiVersion: string) => OtherVersion | undefined;

export class VersionError extends UntypableError {}

/** The object in another version; throws where it has what that version does not know. */
export function inVersion(object: KubeObject, { type, convert }: OtherVersion, prefix: string): KubeObject {
  const converted = convert(object);
  const [fault] = typedFaults(converted, type);
  if (fault !== undefined) throw new VersionError(`${prefix}${fault}`);
  return converted;
}

interface Change {
  readonly apiVersion: string;
  readonly type: TypeOf;
  readonly others: OtherVersions | undefined;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject;
  /** What was sent with it and is not written here: that counts for those who wrote in other versions. */
  readonly beside: JsonObject | undefined;
  /** The part of an object that this write is about. */
  readonly comparable: (object: KubeObject) => JsonObject;
  /** What stands for an object that is not there. */
  readonly nothing: (type: TypeOf) => JsonObject;
}

export type ChangeIn = (apiVersion: string) => FieldDifference | undefined;

/** Tells what a change is in a version, which is worked out once; undefined for a version that is served no more. */
export function changeByVersion(change: Change): ChangeIn {
  const { apiVersion: own, type, others, before, after, beside, comparable, nothing } = change;
  const known = new Map<string, FieldDifference | undefined>();
  const worked = (apiVersion: string): FieldDifference | undefined => {
    if (apiVersion === own || !others)
      return compareTyped(before ? comparable(before) : nothing(type), comparable(after), type);
    const other = others(apiVersion);
    if (!other) return undefined;
    const old = before ? inVersion(before, other, 'failed to convert old object: ') : {};
    return compareTyped(old, inVersion({ ...after, ...beside }, other, 'failed to convert new object: '), other.type);
  };
  return (apiVersion) => {
    if (!known.has(apiVersion)) known.set(apiVersion, worked(apiVersion));
    return known.get(apiVersion);
  };
}

/** Throws where an object, as it is, is none of a version that its managers speak of. */
export function checkVersions(
  object: KubeObject,
  entries: readonly { readonly apiVersion: string }[],
  others: OtherVersions | undefined,
): void {
  for (const { apiVersion } of entries) {
    const other = apiVersion === object.apiVersion ? undefined : others?.(apiVersion);
    if (other) inVersion(object, other, '');
  }
}
