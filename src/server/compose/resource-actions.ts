import { effectsOf, listedActions } from '../../engine/scripts/actions.ts';
import type { RunScript } from '../../engine/scripts/scripts.ts';
import type { ResourceOverride } from '../../engine/settings/overrides.ts';
import type { ResourceActions } from '../ports.ts';

/** The actions of live objects: of the settings, and built in. */
export function createResourceActions(
  overrides: () => ReadonlyMap<string, ResourceOverride>,
  run: RunScript,
): ResourceActions {
  return {
    list: (object) => listedActions(overrides(), object, run),
    effects: (object, call) => effectsOf(overrides(), object, call, run),
  };
}
