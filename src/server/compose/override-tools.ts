// What the settings of an installation say of one object in a file.

import { HawserError } from '../../core/errors.ts';
import { isObject, type JsonObject, toJson } from '../../core/json.ts';
import { parseYaml } from '../../core/yaml.ts';
import { withoutIgnored } from '../../engine/diff/ignore.ts';
import { healthOf } from '../../engine/health/health.ts';
import { actionEffect, availableActions } from '../../engine/resource/actions.ts';
import { type IgnoredFields, type ResourceOverride, readOverrides } from '../../engine/settings/overrides.ts';
import { mergePatch } from '../../objects/merge-patch.ts';
import { isKubeObject, type KubeObject, keyOf } from '../../objects/object.ts';
import type { Data } from '../auth/accounts.ts';
import { createJq } from './jq.ts';

type Setting = 'ignoreDifferences' | 'ignoreResourceUpdates';

interface ActionChoice {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly now: number;
}

export interface OverrideJudge {
  objectIn(text: string, path: string): JsonObject;
  withoutIgnored(config: Data, object: JsonObject, setting: Setting): Promise<JsonObject | undefined>;
  health(config: Data, object: JsonObject): { readonly status: string; readonly message: string } | undefined;
  actions(config: Data, object: JsonObject): readonly { readonly name: string; readonly disabled: boolean }[];
  run(
    config: Data,
    object: JsonObject,
    action: ActionChoice,
  ): { readonly changed: JsonObject; readonly created?: JsonObject };
}

export function createOverrideJudge(): OverrideJudge {
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
    health: (config, value) => {
      const object = checked(value, 'the object');
      if (overrideOf(config, object)?.healthLua) throw noLua('health');
      const health = healthOf(object);
      return health && { status: health.status, message: health.message ?? '' };
    },
    actions: (config, value) => {
      const object = checked(value, 'the object');
      if (overrideOf(config, object)?.actions) throw noLua('actions');
      return availableActions(object).map(({ name, disabled = false }) => ({ name, disabled }));
    },
    run: (config, value, { name, parameters, now }) => {
      const object = checked(value, 'the object');
      if (overrideOf(config, object)?.actions) throw noLua('actions');
      const effect = actionEffect(object, name, { parameters, now });
      if ('create' in effect) return { changed: object, created: effect.create };
      const changed = mergePatch(object, effect.patch);
      return { changed: isObject(changed) ? changed : object };
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

function noLua(what: string): HawserError {
  return new HawserError(
    'not-implemented',
    `the settings have a script in Lua for ${what} of this kind, and none is run`,
    {
      hint: 'what is built in is shown without the script',
    },
  );
}
