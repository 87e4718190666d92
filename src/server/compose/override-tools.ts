// What the settings of an installation say of one object in a file.

import { HawserError } from '../../core/errors.ts';
import { isObject, type Json, type JsonObject, toJson } from '../../core/json.ts';
import type { Clock } from '../../core/time.ts';
import { parseYaml } from '../../core/yaml.ts';
import { withoutIgnored } from '../../engine/diff/ignore.ts';
import { effectsOf, listedActions } from '../../engine/scripts/actions.ts';
import { type IgnoredFields, type ResourceOverride, readOverrides } from '../../engine/settings/overrides.ts';
import { mergePatch } from '../../objects/merge-patch.ts';
import { isKubeObject, type KubeObject, keyOf } from '../../objects/object.ts';
import type { Data } from '../auth/accounts.ts';
import { createJq } from './jq.ts';
import { createLuaThread } from './lua-thread.ts';
import { createResourceHealth } from './resource-health.ts';

type Setting = 'ignoreDifferences' | 'ignoreResourceUpdates';

interface ActionChoice {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly now: number;
}

export interface OverrideJudge {
  objectIn(text: string, path: string): JsonObject;
  withoutIgnored(config: Data, object: JsonObject, setting: Setting): Promise<JsonObject | undefined>;
  health(config: Data, object: JsonObject): Promise<{ readonly status: string; readonly message: string } | undefined>;
  actions(config: Data, object: JsonObject): Promise<readonly { readonly name: string; readonly disabled: boolean }[]>;
  run(
    config: Data,
    object: JsonObject,
    action: ActionChoice,
  ): Promise<{ readonly changed: JsonObject; readonly created?: JsonObject }>;
}

export function createOverrideJudge(clock: Pick<Clock, 'now'>): OverrideJudge {
  const run = createLuaThread(clock);
  return {
    objectIn: (text, path) => checked(toJson(parseYaml(text, path)), path),
    withoutIgnored: async (config, value, setting) => {
      const object = checked(value, 'the object');
      const fields = overrideOf(config, object)?.[setting];
      if (!fields || (!fields.jsonPointers && !fields.jqPathExpressions)) return undefined;
      const [remaining] = await withoutIgnored([object], object, {
        fields: [ruleOf(object, fields)],
        deleteByJq: createJq(),
        status: 'none',
        aggregatedRoles: false,
      });
      return remaining;
    },
    health: async (config, value) => {
      const object = checked(value, 'the object');
      const ports = createResourceHealth(() => readOverrides(config), run);
      await ports.assessHealth([object]);
      const health = ports.healthOf(object);
      return health && { status: health.status, message: health.message ?? '' };
    },
    actions: async (config, value) => {
      const actions = await listedActions(readOverrides(config), checked(value, 'the object'), run);
      return actions.map(({ name, disabled = false }) => ({ name, disabled }));
    },
    run: async (config, value, action) => {
      const object = checked(value, 'the object');
      let changed: JsonObject = object;
      let created: JsonObject | undefined;
      for (const effect of await effectsOf(readOverrides(config), object, action, run)) {
        if ('create' in effect) created = effect.create;
        else changed = asObject(mergePatch(changed, effect.patch)) ?? changed;
      }
      return created ? { changed, created } : { changed };
    },
  };
}

function checked(value: unknown, what: string): KubeObject {
  if (isKubeObject(value)) return value;
  throw new HawserError('invalid', `${what} is no Kubernetes object: apiVersion, kind and metadata are needed`);
}

function overrideOf(config: Data, object: KubeObject): ResourceOverride | undefined {
  const { group, kind } = keyOf(object);
  return readOverrides(config).get(`${group}/${kind}`);
}

const ruleOf = (object: KubeObject, { jsonPointers, jqPathExpressions }: IgnoredFields) => {
  const { group, kind } = keyOf(object);
  return {
    group,
    kind,
    ...(jsonPointers ? { jsonPointers } : {}),
    ...(jqPathExpressions ? { jqPathExpressions } : {}),
  };
};

const asObject = (value: Json): JsonObject | undefined => (isObject(value) ? value : undefined);
