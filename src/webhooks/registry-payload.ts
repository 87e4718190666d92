import { type Json, textAt } from '../core/json.ts';
import { IGNORED, type IgnoredEvent, type RegistryEvent } from './event.ts';

/** A container that was published in GitHub's registry. */
export function ghcrPackage(payload: Json): RegistryEvent | IgnoredEvent {
  const name = textAt(payload, 'package', 'name');
  const owner = textAt(payload, 'package', 'owner', 'login');
  const tag = textAt(payload, 'package', 'package_version', 'container_metadata', 'tag', 'name');
  const type = textAt(payload, 'package', 'package_type').toLowerCase();
  if (textAt(payload, 'action') !== 'published' || type !== 'container' || tag === '') return IGNORED;
  return { kind: 'registry', registry: 'ghcr.io', repository: `${owner}/${name}`, tag };
}
