// What the settings (argocd-cm) say of comparisons: kinds left out, fields ignored, fields of custom kinds that hold
// built-in types.

import { HawserError } from '../core/errors.ts';
import { matchesGlob } from '../core/glob.ts';
import { isList, isObject } from '../core/json.ts';
import { anything, fits, flag, list, object, optional, type Shape, text } from '../core/shape.ts';
import { parseYaml } from '../core/yaml.ts';
import type { ResourceIgnoreDifferences } from './application.ts';

export interface ComparisonSettings {
  readonly exclusions: readonly KindFilter[];
  readonly inclusions: readonly KindFilter[];
  /** For every application; group and kind are globs. */
  readonly ignoreDifferences: readonly ResourceIgnoreDifferences[];
  readonly knownFields: readonly { group: string; kind: string; field: string; type: string }[];
  readonly ignoredStatus: 'all' | 'crd' | 'none';
  readonly ignoresAggregatedRoles: boolean;
}

export interface KindFilter {
  readonly apiGroups?: readonly string[];
  readonly kinds?: readonly string[];
  readonly clusters?: readonly string[];
}

/** Kinds that come and go all the time and belong to no application: left out whatever the settings say. */
const ALWAYS_EXCLUDED: readonly KindFilter[] = [
  { apiGroups: ['events.k8s.io', 'metrics.k8s.io'] },
  { apiGroups: [''], kinds: ['Event'] },
  { apiGroups: ['coordination.k8s.io'], kinds: ['Lease'] },
];

/** Throws `invalid` naming the key that cannot be read. */
export function parseComparisonSettings(data: Readonly<Record<string, string>>): ComparisonSettings {
  const overrides = overridesIn(data);
  const options = parsed(data, 'resource.compareoptions', compareOptions) ?? {};
  return {
    exclusions: parsed(data, 'resource.exclusions', list(kindFilter)) ?? [],
    inclusions: parsed(data, 'resource.inclusions', list(kindFilter)) ?? [],
    ignoreDifferences: overrides.flatMap(({ group, kind, ignored }) => (ignored ? [{ ...ignored, group, kind }] : [])),
    knownFields: overrides.flatMap(({ group, kind, fields }) => fields.map((field) => ({ ...field, group, kind }))),
    ignoredStatus: statusRule(options.ignoreResourceStatusField),
    ignoresAggregatedRoles: options.ignoreAggregatedRoles ?? false,
  };
}

/** Excluded kinds are out, then included ones in; where there are inclusions, all others are out. */
export function isExcluded(
  { exclusions, inclusions }: Pick<ComparisonSettings, 'exclusions' | 'inclusions'>,
  target: { readonly group: string; readonly kind: string; readonly server: string },
): boolean {
  const hit = (filter: KindFilter): boolean =>
    filtersOn(filter.apiGroups, (pattern) => matchesGlob(pattern, target.group)) &&
    filtersOn(filter.kinds, (pattern) => pattern === '*' || pattern === target.kind) &&
    filtersOn(filter.clusters, (pattern) => matchesGlob(pattern, target.server));
  if ([...ALWAYS_EXCLUDED, ...exclusions].some(hit)) return true;
  if (inclusions.some(hit)) return false;
  const here = inclusions.filter(({ clusters }) =>
    filtersOn(clusters, (pattern) => matchesGlob(pattern, target.server)),
  );
  return here.length > 0;
}

/** An empty list means every one. */
const filtersOn = (patterns: readonly string[] | undefined, fitsOne: (pattern: string) => boolean): boolean =>
  !patterns || patterns.length === 0 || patterns.some(fitsOne);

const kindFilter: Shape<KindFilter> = object({
  apiGroups: optional(list(text)),
  kinds: optional(list(text)),
  clusters: optional(list(text)),
});

const compareOptions = object({
  ignoreAggregatedRoles: optional(flag),
  ignoreResourceStatusField: anything,
});

const ignoredFields = object({
  name: optional(text),
  namespace: optional(text),
  jsonPointers: optional(list(text)),
  jqPathExpressions: optional(list(text)),
  managedFieldsManagers: optional(list(text)),
});

const knownFields = list(object({ field: text, type: text }));

/** YAML reads `off` and `false` as one value. */
function statusRule(value: unknown): ComparisonSettings['ignoredStatus'] {
  if (value === 'crd' || value === 'none') return value;
  return value === false || value === 'off' ? 'none' : 'all';
}

interface Override {
  readonly group: string;
  readonly kind: string;
  readonly ignored: Omit<ResourceIgnoreDifferences, 'group' | 'kind'> | undefined;
  readonly fields: readonly { field: string; type: string }[];
}

const PREFIX = 'resource.customizations';

/** One key for everything, by `group/kind`, or a key for each kind and purpose, `….ignoreDifferences.apps_Deployment`. */
function overridesIn(data: Readonly<Record<string, string>>): Override[] {
  const overrides: Override[] = [];
  for (const key of Object.keys(data).sort()) {
    const [, purpose, name] = /^resource\.customizations\.(ignoreDifferences|knownTypeFields)\.(.+)$/.exec(key) ?? [];
    if (purpose === undefined || name === undefined) continue;
    const of = name === 'all' ? { group: '*', kind: '*' } : groupAndKind(name, '_');
    const ignored = purpose === 'ignoreDifferences' ? parsed(data, key, ignoredFields) : undefined;
    overrides.push({
      ...of,
      ignored,
      fields: purpose === 'knownTypeFields' ? (parsed(data, key, knownFields) ?? []) : [],
    });
  }
  const all: unknown = data[PREFIX] === undefined ? {} : parseSetting(data[PREFIX], PREFIX);
  for (const [name, value] of Object.entries(isObject(all) ? all : {})) {
    if (!isObject(value)) continue;
    const ignored = value['ignoreDifferences'];
    const fields = value['knownTypeFields'];
    overrides.push({
      ...groupAndKind(name, '/'),
      ignored: ignored === undefined ? undefined : checked(asValue(ignored, name), ignoredFields, `${PREFIX} ${name}`),
      fields: isList(fields) ? checked(fields, knownFields, `${PREFIX} ${name}`) : [],
    });
  }
  return overrides;
}

/** 'apps_Deployment', '_ConfigMap' and 'ConfigMap'. */
function groupAndKind(name: string, separator: string): { readonly group: string; readonly kind: string } {
  const index = name.lastIndexOf(separator);
  return { group: index < 0 ? '' : name.slice(0, index), kind: name.slice(index + 1) };
}

const asValue = (value: unknown, name: string): unknown =>
  typeof value === 'string' ? parseSetting(value, `${PREFIX} ${name}`) : value;

function parsed<T>(data: Readonly<Record<string, string>>, key: string, shape: Shape<T>): T | undefined {
  const source = data[key];
  if (source === undefined || source.trim() === '') return undefined;
  return checked(parseSetting(source, key), shape, key);
}

function checked<T>(value: unknown, shape: Shape<T>, what: string): T {
  if (fits(shape, value)) return value;
  throw new HawserError('invalid', `argocd-cm: ${what}: ${shape.problem(value, '') ?? 'unexpected shape'}`, {
    hint: 'fix the setting in the ConfigMap argocd-cm',
  });
}

const parseSetting = (source: string, key: string): unknown => parseYaml(source, `argocd-cm: ${key}`);
