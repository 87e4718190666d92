// The health of live objects: by a script of the settings where there is one for the kind, else by the rules that are built in. A
// script is run once for each version of an object, before its health is asked for.

import { objectAt, toJson } from '../../core/json.ts';
import type { ResourceHealth } from '../../engine/health/check.ts';
import { type CustomChecks, healthOf } from '../../engine/health/health.ts';
import { scriptedHealth } from '../../engine/scripts/health.ts';
import { overrideFor, type RunScript, TIMED_OUT } from '../../engine/scripts/scripts.ts';
import { type ResourceOverride, readOverrides } from '../../engine/settings/overrides.ts';
import { type KubeObject, keyOf, keyText } from '../../objects/object.ts';

type Overrides = ReadonlyMap<string, ResourceOverride>;

export interface HealthPorts {
  healthOf(object: KubeObject): ResourceHealth | undefined;
  hasHealthScripts(): boolean;
  assessHealth(objects: Iterable<KubeObject>): Promise<void>;
}

interface Assessed {
  readonly version: string;
  readonly script: string;
  readonly health: ResourceHealth | undefined;
  /** It is to be run again when it is asked for again. */
  readonly isTransient: boolean;
}

/** More objects than these are assessed anew. */
const MAX_ASSESSED = 50_000;

/** What the settings say of kinds, of the object as it is now: read anew only when it has changed. */
export function latestOverrides(read: () => KubeObject | undefined): () => Overrides {
  let last: { readonly object: KubeObject | undefined; readonly overrides: Overrides } | undefined;
  return () => {
    const object = read();
    if (last === undefined || last.object !== object) last = { object, overrides: readable(object) };
    return last.overrides;
  };
}

/** Settings that cannot be read are told by each comparison; nothing of them holds. */
function readable(object: KubeObject | undefined): Overrides {
  const data = Object.entries(objectAt(object, 'data')).map(([key, value]) => [key, String(value)] as const);
  if (!data.some(([key]) => key.startsWith('resource.customizations'))) return new Map();
  try {
    return readOverrides(Object.fromEntries(data));
  } catch {
    return new Map();
  }
}

export function createResourceHealth(overrides: () => Overrides, run: RunScript): HealthPorts {
  const assessed = new Map<string, Assessed>();
  const identity = (object: KubeObject): string => object.metadata.uid ?? keyText(keyOf(object));
  const hasScripts = (): boolean => [...overrides().values()].some(({ healthLua }) => healthLua);
  const scriptOf = (object: Pick<KubeObject, 'apiVersion' | 'kind'>) => overrideFor(overrides(), object, 'healthLua');
  const isCurrent = (known: Assessed | undefined, object: KubeObject, script: string): boolean =>
    known?.version === (object.metadata.resourceVersion ?? '') && known.script === script;

  async function assess(object: KubeObject): Promise<void> {
    const { healthLua: script, usesOpenLibs = false } = scriptOf(object) ?? {};
    if (!script || object.metadata.deletionTimestamp !== undefined) return;
    const key = identity(object);
    const known = assessed.get(key);
    if (isCurrent(known, object, script) && !known?.isTransient) return;
    const outcome = await run({ script, globals: { obj: toJson(object) }, usesOpenLibs });
    if (assessed.size >= MAX_ASSESSED) assessed.clear();
    const version = object.metadata.resourceVersion ?? '';
    const isTransient = 'error' in outcome && outcome.error === TIMED_OUT;
    assessed.set(key, { version, script, health: scriptedHealth(outcome), isTransient });
  }

  const custom =
    (object: KubeObject): CustomChecks =>
    () => {
      const script = scriptOf(object)?.healthLua;
      if (!script) return undefined;
      return () => {
        const known = assessed.get(identity(object));
        if (isCurrent(known, object, script)) return known?.health;
        return known?.health ?? { status: 'Unknown', message: 'the health script has not been run yet' };
      };
    };

  return {
    healthOf: (object) => healthOf(object, custom(object)),
    hasHealthScripts: hasScripts,
    assessHealth: async (objects) => {
      if (hasScripts()) await Promise.all([...objects].map(assess));
    },
  };
}
