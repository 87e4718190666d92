// What the settings say of kinds of objects, as the reference tells its clients: a key for all of it, or one for each kind and
// purpose, and what it adds of its own.

import { HawserError, messageOf } from '../../core/errors.ts';
import { isObject, type Json, type JsonObject, listAt, toJson } from '../../core/json.ts';
import { formatYaml, parseYaml } from '../../core/yaml.ts';

export type SettingsData = Readonly<Record<string, string>>;

export interface IgnoredFields {
  readonly jqPathExpressions: readonly string[] | null;
  readonly jsonPointers: readonly string[] | null;
  readonly managedFieldsManagers: readonly string[] | null;
}

export interface ResourceOverride {
  readonly healthLua?: string;
  readonly usesOpenLibs?: boolean;
  /** YAML. */
  readonly actions?: string;
  readonly knownTypeFields?: readonly Json[];
  readonly ignoreDifferences: IgnoredFields;
  readonly ignoreResourceUpdates: IgnoredFields;
}

const PREFIX = 'resource.customizations';
const CUSTOM_RESOURCE_DEFINITION = 'apiextensions.k8s.io/CustomResourceDefinition';
const NONE: IgnoredFields = { jqPathExpressions: null, jsonPointers: null, managedFieldsManagers: null };
const NO_OVERRIDE: ResourceOverride = { ignoreDifferences: NONE, ignoreResourceUpdates: NONE };

/** By 'group/Kind'. Throws `invalid` naming the key that cannot be read. */
export function readOverrides(data: SettingsData): ReadonlyMap<string, ResourceOverride> {
  const overrides = new Map<string, ResourceOverride>();
  const whole = data[PREFIX] ? yamlOf(data, PREFIX) : {};
  for (const [name, value] of Object.entries(isObject(whole) ? whole : {}))
    overrides.set(name, overrideOf(toJson(value), name));
  for (const key of Object.keys(data).sort()) {
    const [, purpose = '', name = ''] = /^resource\.customizations\.([A-Za-z]+)\.(.+)$/.exec(key) ?? [];
    const part = purpose === '' ? undefined : partOf(purpose, data, key);
    const kind = name === 'all' ? '*/*' : name.replace('_', '/');
    if (part) overrides.set(kind, { ...NO_OVERRIDE, ...overrides.get(kind), ...part });
  }
  return withDefaults(overrides, statusRuleOf(data));
}

function overrideOf(value: Json, name: string): ResourceOverride {
  const { ['health.lua']: healthLua, ['health.lua.useOpenLibs']: usesOpenLibs, actions, ...rest } = objectOf(value);
  const ignored = (field: string): IgnoredFields => {
    const fields = rest[field];
    return ignoredFields(typeof fields === 'string' ? readYaml(fields, `${PREFIX} ${name}`) : (fields ?? {}));
  };
  return {
    ...(typeof healthLua === 'string' && healthLua !== '' ? { healthLua } : {}),
    ...(usesOpenLibs === true ? { usesOpenLibs } : {}),
    ...(typeof actions === 'string' && actions !== '' ? { actions } : {}),
    ...('knownTypeFields' in rest ? { knownTypeFields: listAt(rest, 'knownTypeFields') } : {}),
    ignoreDifferences: ignored('ignoreDifferences'),
    ignoreResourceUpdates: ignored('ignoreResourceUpdates'),
  };
}

function partOf(purpose: string, data: SettingsData, key: string): Partial<ResourceOverride> | undefined {
  const text = data[key] ?? '';
  if (purpose === 'health') return { healthLua: text };
  if (purpose === 'useOpenLibs') return text === 'true' ? { usesOpenLibs: true } : {};
  if (purpose === 'actions') return { actions: text };
  if (purpose === 'ignoreDifferences') return { ignoreDifferences: ignoredFields(yamlOf(data, key)) };
  if (purpose === 'ignoreResourceUpdates') return { ignoreResourceUpdates: ignoredFields(yamlOf(data, key)) };
  if (purpose !== 'knownTypeFields') return undefined;
  const fields = toJson(yamlOf(data, key));
  return { knownTypeFields: Array.isArray(fields) ? fields : [] };
}

function ignoredFields(value: unknown): IgnoredFields {
  const texts = (field: string): readonly string[] | null => {
    const list = listAt(value, field).filter((each) => typeof each === 'string');
    return list.length === 0 ? null : list;
  };
  return {
    jqPathExpressions: texts('jqPathExpressions'),
    jsonPointers: texts('jsonPointers'),
    managedFieldsManagers: texts('managedFieldsManagers'),
  };
}

/** 'all', 'crd' or 'none': of which objects the status is never compared. */
export type StatusRule = 'all' | 'crd' | 'none';

export function statusRuleOf(data: SettingsData): StatusRule {
  const options = objectOf(toJson(data['resource.compareoptions'] ? yamlOf(data, 'resource.compareoptions') : {}));
  const value = options['ignoreResourceStatusField'];
  if (value === 'none' || value === 'off' || value === false) return 'none';
  return value === 'crd' ? 'crd' : 'all';
}

function withDefaults(
  overrides: ReadonlyMap<string, ResourceOverride>,
  rule: StatusRule,
): ReadonlyMap<string, ResourceOverride> {
  const all = new Map(overrides);
  const ignore = (kind: string, pointer: string): void => {
    const override = all.get(kind) ?? NO_OVERRIDE;
    const pointers = [...(override.ignoreDifferences.jsonPointers ?? []), pointer];
    all.set(kind, { ...override, ignoreDifferences: { ...override.ignoreDifferences, jsonPointers: pointers } });
  };
  if (rule !== 'none') ignore(rule === 'crd' ? CUSTOM_RESOURCE_DEFINITION : '*/*', '/status');
  ignore(CUSTOM_RESOURCE_DEFINITION, '/spec/preserveUnknownFields');
  return all;
}

/** As the reference sends them: what is ignored is YAML in a text. */
export function overrideResponse(override: ResourceOverride): JsonObject {
  const { healthLua, usesOpenLibs, actions, knownTypeFields, ignoreDifferences, ignoreResourceUpdates } = override;
  return {
    ...(healthLua ? { 'health.lua': healthLua } : {}),
    ...(usesOpenLibs ? { 'health.lua.useOpenLibs': true } : {}),
    ...(actions ? { actions } : {}),
    ignoreDifferences: formatYaml(toJson(ignoreDifferences)),
    ignoreResourceUpdates: formatYaml(toJson(ignoreResourceUpdates)),
    ...(knownTypeFields && knownTypeFields.length > 0 ? { knownTypeFields } : {}),
  };
}

const objectOf = (value: Json): JsonObject => (isObject(value) ? value : {});

const yamlOf = (data: SettingsData, key: string): unknown => readYaml(data[key] ?? '', key);

function readYaml(text: string, key: string): unknown {
  try {
    return parseYaml(text, key);
  } catch (thrown) {
    throw new HawserError('invalid', messageOf(thrown), { hint: `fix ${key} in the ConfigMap argocd-cm` });
  }
}
