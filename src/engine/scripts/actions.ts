// Actions that the settings have for kinds of objects, as scripts: which there are, and what one of them does.

import { HawserError, messageOf } from '../../core/errors.ts';
import { at, isList, isObject, type Json, type JsonObject, listAt, objectAt, textAt, toJson } from '../../core/json.ts';
import { withEmptyMaps } from '../../core/lua/text.ts';
import { parseYaml } from '../../core/yaml.ts';
import { mergePatchBetween } from '../../objects/merge-patch.ts';
import { isKubeObject, type KubeObject, keyOf, keyText } from '../../objects/object.ts';
import type { ActionEffect } from '../resource/action-forms.ts';
import { type AvailableAction, actionEffect, availableActions } from '../resource/actions.ts';
import type { ResourceOverride } from '../settings/overrides.ts';
import { overrideFor, type RunScript, type ScriptOutcome, wrongType } from './scripts.ts';

interface CustomActions {
  readonly discovery: string;
  readonly definitions: readonly { readonly name: string; readonly script: string }[];
  readonly mergesBuiltIn: boolean;
  readonly usesOpenLibs: boolean;
}

type Overrides = ReadonlyMap<string, ResourceOverride>;

function customActions(overrides: Overrides, object: KubeObject): CustomActions | undefined {
  const override = overrideFor(overrides, object, 'actions');
  if (!override?.actions) return undefined;
  const value = toJson(readActions(override.actions));
  return {
    discovery: textAt(value, 'discovery.lua'),
    definitions: listAt(value, 'definitions').map((each) => ({
      name: textAt(each, 'name'),
      script: textAt(each, 'action.lua'),
    })),
    mergesBuiltIn: at(value, 'mergeBuiltinActions') === true,
    usesOpenLibs: override.usesOpenLibs === true,
  };
}

function readActions(text: string): unknown {
  try {
    return parseYaml(text, 'actions');
  } catch (thrown) {
    throw new HawserError('invalid', `the actions of the settings cannot be read: ${messageOf(thrown)}`, {
      hint: 'fix resource.customizations.actions in the ConfigMap argocd-cm',
    });
  }
}

function tableOf(outcome: ScriptOutcome): Json {
  if ('error' in outcome) throw new HawserError('invalid', outcome.error);
  if (outcome.type !== 'table') throw new HawserError('invalid', wrongType(outcome.type));
  return outcome.value ?? {};
}

/** By name. A script hides what is built in, unless the settings say that both are there. */
export async function listedActions(
  overrides: Overrides,
  object: KubeObject,
  run: RunScript,
): Promise<readonly AvailableAction[]> {
  const custom = customActions(overrides, object);
  if (!custom?.discovery) return availableActions(object);
  const { discovery, usesOpenLibs } = custom;
  const table = tableOf(await run({ script: discovery, globals: { obj: toJson(object) }, usesOpenLibs }));
  const found = Object.entries(isObject(table) ? table : {}).map(([name, value]) => discovered(name, value));
  const names = new Set(found.map(({ name }) => name));
  const builtIn = custom.mergesBuiltIn ? availableActions(object).filter(({ name }) => !names.has(name)) : [];
  return [...found, ...builtIn].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function discovered(name: string, value: Json | undefined): AvailableAction {
  const icon = textAt(value, 'iconClass');
  const displayName = textAt(value, 'displayName');
  const params = listAt(value, 'params').map((each) => ({ name: textAt(each, 'name') }));
  return {
    name,
    ...(at(value, 'disabled') === true ? { disabled: true } : {}),
    ...(icon === '' ? {} : { iconClass: icon }),
    ...(displayName === '' ? {} : { displayName }),
    ...(params.length > 0 ? { params } : {}),
  };
}

export interface ActionCall {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly now: number;
}

/** Throws `invalid` for an action that the object does not have, or whose script fails. */
export async function effectsOf(
  overrides: Overrides,
  object: KubeObject,
  { name, parameters, now }: ActionCall,
  run: RunScript,
): Promise<readonly ActionEffect[]> {
  const custom = customActions(overrides, object);
  const script = custom?.definitions.find((each) => each.name === name)?.script;
  if (!custom || script === undefined) return [actionEffect(object, name, { parameters, now })];
  const globals = { obj: toJson(object), actionParams: { ...parameters } };
  const result = tableOf(await run({ script, globals, usesOpenLibs: custom.usesOpenLibs }));
  // The old form is the object itself, the new one a list of what becomes of which object.
  const impacts = isList(result) ? result : [{ operation: 'patch', resource: result }];
  return impacts.flatMap((impact) => effectOf(impact, object));
}

function effectOf(impact: Json, object: KubeObject): ActionEffect[] {
  const operation = textAt(impact, 'operation') || textAt(impact, 'k8sOperation');
  const resource = withEmptyMaps(objectAt(impact, 'resource'), toJson(object));
  if (!isKubeObject(resource) || !isObject(resource))
    throw new HawserError('invalid', 'the action returned what is no Kubernetes object');
  if (operation === 'create') return [{ create: resource }];
  if (operation !== 'patch') throw new HawserError('invalid', `unsupported operation: ${operation}`);
  if (keyText(keyOf(resource)) !== keyText(keyOf(object)))
    throw new HawserError('invalid', 'an action may patch the object that it is run on alone');
  const patch = mergePatchBetween(plain(object), plain(resource));
  return patch ? [{ patch }] : [];
}

function plain(object: KubeObject): JsonObject {
  const value = toJson(object);
  return isObject(value) ? value : {};
}
