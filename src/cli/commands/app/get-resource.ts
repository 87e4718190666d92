import type { Command } from 'commander';
import { resourceTree } from '../../../api/applications.ts';
import { getResource } from '../../../api/resources.ts';
import { isList, isObject, type Json, type JsonObject, textAt } from '../../../core/json.ts';
import { formatYaml } from '../../../core/yaml.ts';
import { formatJson } from '../../../render/json.ts';
import type { Row } from '../../../render/table.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { NAMESPACE_FLAG, targetOf } from '../../input/target.ts';
import { checkFormat, outputFlag } from '../../output/document.ts';
import { noMatch, PROJECT_FLAG } from './shared/live-objects.ts';

const GET_RESOURCE_FLAGS = [
  NAMESPACE_FLAG,
  PROJECT_FLAG,
  { name: 'kind', type: 'string', required: true, summary: 'kind of the resource' },
  { name: 'group', type: 'string', summary: 'group of the resource' },
  { name: 'resource-name', type: 'string', value: 'name', summary: 'name of the resource' },
  {
    name: 'filter-fields',
    type: 'strings',
    value: 'paths',
    summary: 'show only these fields, like spec.replicas,status',
  },
  { name: 'show-managed-fields', type: 'bool', summary: 'also show managed fields' },
  { ...outputFlag('wide, json or yaml'), default: 'wide' },
] as const satisfies readonly Flag[];

export type GetResourceOptions = OptionsOf<typeof GET_RESOURCE_FLAGS> & { readonly appname: string };

export function getResourceCommand(context: Context, run = runGetResource): Command {
  return defineCommand(
    {
      name: 'get-resource',
      description: 'Shows live resources of an application, including those that its resources own.',
      arguments: ['<appname>'],
      flags: GET_RESOURCE_FLAGS,
      examples: [
        { about: 'Show the Deployments of an application', line: 'hawser app get-resource shop --kind Deployment' },
        {
          about: 'Show one resource as YAML',
          line: 'hawser app get-resource shop --kind Deployment --resource-name web -o yaml',
        },
        {
          about: 'Show some fields only',
          line: 'hawser app get-resource shop --kind Pod --filter-fields status.phase',
        },
      ],
    },
    (options, appname) => run({ ...options, appname }, context),
  );
}

async function runGetResource(options: GetResourceOptions, context: Context): Promise<void> {
  checkFormat(options.output, ['wide', 'json', 'yaml', '']);
  const objects = await fetchObjects(options, context);
  if (objects.length === 0) context.policy.own.refuse(noMatch(options.appname));
  const selected = objects.map((object) => reduced(object, options));
  const documents = FORMATS[options.output];
  if (documents) context.io.out.write(selected.map(documents).join('---\n'));
  else await writeTable(selected, options, context);
  const names = objects.map((object) => textAt(object, 'metadata', 'name')).join(', ');
  context.policy.wording.note(`Resources '${names}' fetched`, context);
}

const FORMATS: Readonly<Record<string, (object: JsonObject) => string>> = {
  json: (object) => formatJson(object, 1),
  yaml: (object) => `${formatYaml(object, { sortKeys: true, wide: true })}\n`,
};

async function fetchObjects(options: GetResourceOptions, context: Context): Promise<JsonObject[]> {
  const { client } = await context.connect();
  const target = targetOf(options.appname, options.appNamespace);
  const { name: applicationName, appNamespace } = target;
  const tree = await client.call(resourceTree, { applicationName, appNamespace, project: options.project });
  const objects: JsonObject[] = [];
  for (const node of tree.nodes ?? []) {
    const isMeant =
      node.kind === options.kind &&
      (options.group === undefined || (node.group ?? '') === options.group) &&
      (options.resourceName === undefined || node.name === options.resourceName);
    if (!isMeant) continue;
    const { manifest } = await client.call(getResource, {
      ...target,
      project: options.project,
      group: node.group ?? '',
      kind: node.kind ?? '',
      version: node.version ?? '',
      namespace: node.namespace ?? '',
      resourceName: node.name ?? '',
    });
    const object: unknown = JSON.parse(manifest ?? 'null');
    if (isObject(object)) objects.push(object);
  }
  return objects;
}

function reduced(object: JsonObject, options: GetResourceOptions): JsonObject {
  const { managedFields: _managed, ...metadata } = isObject(object['metadata']) ? object['metadata'] : {};
  const whole = options.showManagedFields ? object : { ...object, metadata };
  if (!options.filterFields?.length) return whole;
  const paths = ['metadata.name', ...options.filterFields].map((path) => path.split('.'));
  return paths.reduce<JsonObject>((kept, path) => merged(kept, picked(whole, path)), {});
}

/** The value alone, under the keys that lead to it; a path through a list goes into each of its items. */
function picked(value: Json | undefined, path: readonly string[]): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (isList(value)) return value.map((item) => picked(item, path) ?? null);
  if (!isObject(value)) return undefined;
  const inner = picked(value[key], rest);
  return inner === undefined ? undefined : { [key]: inner };
}

function merged(into: JsonObject, more: Json | undefined): JsonObject {
  if (!isObject(more)) return into;
  const result: Record<string, Json | undefined> = { ...into };
  for (const [key, value] of Object.entries(more)) {
    const old = result[key];
    result[key] = isObject(old) && isObject(value) ? merged(old, value) : value;
  }
  return result;
}

async function writeTable(
  objects: readonly JsonObject[],
  options: GetResourceOptions,
  context: Context,
): Promise<void> {
  const isOne = options.resourceName !== undefined;
  // The name is kept to tell whose fields these are, which the column beside them does.
  const isFiltered = !isOne && (options.filterFields?.length ?? 0) > 0;
  const rows: Row[] = objects.flatMap((object) => {
    const name = textAt(object, 'metadata', 'name');
    const fields = flatten(object, '').filter(([path]) => path !== 'metadata.name' || !isFiltered);
    return fields.map(([path, value]) => (isOne ? [path, value] : [path, name, value]));
  });
  const { style, table } = await context.view();
  const head = isOne ? ['FIELD', 'VALUE'] : ['FIELD', 'RESOURCE NAME', 'VALUE'];
  context.io.out.write(table({ head, rows }, style));
}

/** 'status.podIPs[0].ip' and its value, for every leaf. */
function flatten(value: Json | undefined, path: string): [string, string][] {
  if (isList(value)) return value.flatMap((item, index) => flatten(item, `${path}[${index}]`));
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, item]) => flatten(item, path === '' ? key : `${path}.${key}`));
  }
  return [[path, typeof value === 'string' ? value : JSON.stringify(value ?? null)]];
}
