// Whether who writes an object means the one that is there, as he has last seen it.

import type { KubeObject } from '../objects/object.ts';
import type { WriteSettings } from './api.ts';
import type { Kind } from './kinds.ts';
import { type ApiError, conflict, invalid, invalidValue, MODIFIED } from './status.ts';
import { needsVersion, storageKey } from './strategy.ts';

interface Change {
  readonly before: KubeObject;
  readonly given: KubeObject;
  readonly settings: WriteSettings;
}

/** Refuses a change of another object, or of another version of it. What a patch makes of the uid is looked at with the rest. */
export function checkSeen(kind: Kind, { before, given, settings }: Change): void {
  const { name = '', uid = '' } = before.metadata;
  const { isPatch = false, simulated = false, dryRun } = settings;
  const asked = given.metadata.uid ?? '';
  if (asked !== '' && asked !== uid && !isPatch) throw otherUid(kind, before, { asked, found: uid, dryRun });
  const version = given.metadata.resourceVersion ?? '';
  if (version === '' || version === '0') {
    if (needsVersion(kind) && !simulated) throw unseen(kind, name);
  } else if (version !== before.metadata.resourceVersion) throw conflict(kind, name, MODIFIED);
}

function unseen(kind: Kind, name: string): ApiError {
  const cause = invalidValue('metadata.resourceVersion', 0, 'must be specified for an update');
  return invalid({ group: kind.group, kind: kind.plural }, name, [cause]);
}

interface Uids {
  readonly asked: string;
  readonly found: string;
  readonly dryRun: boolean;
}

/** A dry run asks the store by a key without its root. */
export function otherUid(kind: Kind, object: KubeObject, { asked, found, dryRun }: Uids): ApiError {
  return unlike(kind, object, { what: 'UID', asked, found, root: dryRun ? '' : '/registry' });
}

interface Unlike {
  readonly what: 'UID' | 'ResourceVersion';
  readonly asked: string;
  readonly found: string | undefined;
  readonly root?: string;
}

/** Refuses a change of an object that is not the one that was asked for. */
export function unlike(kind: Kind, object: KubeObject, { what, asked, found = '', root = '' }: Unlike): ApiError {
  const { name = '', namespace = '' } = object.metadata;
  const key = `${root}/${storageKey(kind)}/${namespace === '' ? '' : `${namespace}/`}${name}`;
  const why = `Precondition failed: ${what} in precondition: ${asked}, ${what} in object meta: ${found}`;
  const error = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`;
  return conflict(kind, name, error);
}
