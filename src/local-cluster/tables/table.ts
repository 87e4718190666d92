// Lists as tables, for clients that print them.

import { isObject, type Json, type JsonObject, numberAt, objectAt, textAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { compareText } from '../../core/order.ts';
import { inStoredVersion } from '../../objects/conversion.ts';
import { apiVersionOf, isKubeObject, type KubeObject } from '../../objects/object.ts';
import { builtinColumns } from '../../objects/types.ts';
import type { ResourceRequest } from '../api.ts';
import { partVersion } from '../representation.ts';
import type { KubeResponse } from '../request.ts';
import { inServedVersion } from '../response.ts';
import { badRequest } from '../status.ts';
import { CLUSTER_COLUMNS } from './cluster.ts';
import { type Column, CREATED_AT, NAME } from './column.ts';
import { customColumns } from './custom.ts';
import { METRICS_COLUMNS } from './metrics.ts';
import { NETWORK_COLUMNS } from './network.ts';
import { CUSTOM_SCALE, SCALE_COLUMNS, WORKLOAD_COLUMNS } from './workload.ts';

export function wantsTable({ representation }: ResourceRequest): boolean {
  return representation.as === 'Table';
}

/** The objects as rows; what stands beside the cells is what `includeObject` asks for. */
export function tableOf(call: ResourceRequest, objects: readonly KubeObject[], metadata: JsonObject): JsonObject {
  const { api, kind, representation } = call;
  const apiVersion = partVersion(representation);
  const columns = columnsOf(call);
  const isScale = call.path.subresource === 'scale';
  const described = builtinColumns()[isScale ? 'autoscaling/scales' : kind.storage] ?? {};
  const include = includedOf(call);
  const now = api.clock.now();
  return {
    kind: 'Table',
    apiVersion,
    metadata,
    columnDefinitions: columns.map(({ cell: _cell, ...column }) => ({
      name: column.name,
      type: column.type ?? 'string',
      format: column.format ?? '',
      description: column.description ?? described[column.name] ?? '',
      priority: column.priority ?? 0,
    })),
    rows: inOrder(kind.storage, objects).map((object) => ({
      cells: columns.map((column) => column.cell(object, now)),
      ...omitUndefined({ conditions: rowConditions(kind.storage, object) }),
      object: rowObject(call, include, object),
    })),
  };
}

/** The schemas of a flow stand in the order in which they are tried. */
function inOrder(storage: string, objects: readonly KubeObject[]): readonly KubeObject[] {
  if (storage !== 'flowcontrol.apiserver.k8s.io/flowschemas') return objects;
  const rank = (object: KubeObject): number => numberAt(object, 'spec', 'matchingPrecedence') ?? 0;
  return [...objects].sort((a, b) => rank(a) - rank(b) || compareText(a.metadata.name, b.metadata.name));
}

const INCLUDED = ['', 'Metadata', 'Object', 'None'];

/** What the client wants to see of the objects beside their cells; refuses what is no answer to that. */
export function includedOf({ request }: ResourceRequest): string {
  const include = request.query.get('includeObject') ?? '';
  if (INCLUDED.includes(include)) return include;
  const why = `Invalid value: ${JSON.stringify(include)}: must be 'Metadata', 'Object', 'None', or empty`;
  throw badRequest(`Unable to convert to Table as requested: includeObject: ${why}`);
}

function rowObject({ kind, path, representation }: ResourceRequest, include: string, object: KubeObject): Json {
  if (include === 'None') return null;
  if (include !== 'Object') return partial(object, partVersion(representation));
  return path.subresource === 'scale' ? object : inServedVersion(kind, object);
}

function columnsOf({ kind, path }: ResourceRequest): readonly Column[] {
  if (path.subresource === 'scale') return kind.custom ? CUSTOM_SCALE : SCALE_COLUMNS;
  return COLUMNS[kind.storage] ?? (kind.custom ? customColumns(kind.custom.version) : PLAIN);
}

/** What a write, or a subresource, answers, as a table where that is asked for. */
export function tabled(call: ResourceRequest, answer: KubeResponse): KubeResponse {
  const { kind } = call;
  const { body, status } = answer;
  if (!wantsTable(call) || status >= 400 || !isObject(body)) return answer;
  const { resourceVersion } = objectAt(body, 'metadata');
  const metadata = omitUndefined({ resourceVersion });
  const apiVersion = apiVersionOf(kind.group, kind.version);
  const found: readonly Json[] = Array.isArray(body['items']) ? body['items'] : [body];
  const known = found.flatMap((item) => {
    const whole = isObject(item) ? { apiVersion, kind: kind.kind, ...item } : {};
    return isKubeObject(whole) ? [inStoredVersion(whole)] : [];
  });
  const isOwn = [kind.kind, kind.listKind, 'Scale'].some((name) => body['kind'] === name);
  return isOwn ? { ...answer, body: tableOf(call, known, metadata) } : answer;
}

/** What a client may hide or grey out. */
function rowConditions(storage: string, object: KubeObject): readonly JsonObject[] | undefined {
  const phase = storage === '/pods' ? textAt(object, 'status', 'phase') : '';
  const message = ENDED[phase];
  return message === undefined ? undefined : [{ type: 'Completed', status: 'True', reason: phase, message }];
}

const ENDED: Readonly<Record<string, string>> = {
  Succeeded: 'The pod has completed successfully.',
  Failed: 'The pod failed.',
};

function partial(object: KubeObject, apiVersion: string): JsonObject {
  return { kind: 'PartialObjectMetadata', apiVersion, metadata: object.metadata };
}

/** A kind without columns of its own says when its objects were made. */
const PLAIN = [NAME, CREATED_AT];

const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  ...WORKLOAD_COLUMNS,
  ...NETWORK_COLUMNS,
  ...CLUSTER_COLUMNS,
  ...METRICS_COLUMNS,
};
