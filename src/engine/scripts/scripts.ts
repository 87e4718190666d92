// Scripts in Lua that the settings have for kinds of objects: which one is for an object, and how they are run.

import { matchesGlob } from '../../core/glob.ts';
import type { Json } from '../../core/json.ts';
import { groupOf, type KubeObject } from '../../objects/object.ts';
import type { ResourceOverride } from '../settings/overrides.ts';

export interface ScriptRun {
  readonly script: string;
  readonly globals: Readonly<Record<string, Json>>;
  readonly usesOpenLibs: boolean;
}

/** What a script came to: a table as JSON, another type of Lua, or an error. */
export type ScriptOutcome = { readonly type: string; readonly value?: Json } | { readonly error: string };

/** Runs a script elsewhere, within a limit of time and memory. Never throws. */
export type RunScript = (run: ScriptRun) => Promise<ScriptOutcome>;

/** Of a script that took too long. It says nothing for good: the machine may have been busy. */
export const TIMED_OUT = 'context deadline exceeded';

/** What a script that was run in vain says. */
export const wrongType = (type: string): string => `expect table output from Lua script, not ${type}`;

/** The key of a kind in the settings: the core group is not named. */
function settingsName({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): string {
  const group = groupOf(apiVersion);
  return group === '' ? kind : `${group}/${kind}`;
}

/** The settings of a kind that have something: its own, then of wildcards the first by name. */
export function overrideFor(
  overrides: ReadonlyMap<string, ResourceOverride>,
  object: Pick<KubeObject, 'apiVersion' | 'kind'>,
  field: 'healthLua' | 'actions',
): ResourceOverride | undefined {
  const name = settingsName(object);
  const own = overrides.get(name);
  if (own?.[field]) return own;
  const patterns = [...overrides.keys()].filter((key) => key.includes('*')).sort();
  const pattern = patterns.find((key) => overrides.get(key)?.[field] && matchesGlob(key, name));
  return pattern === undefined ? undefined : overrides.get(pattern);
}
