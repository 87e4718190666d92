// A cluster that is asked at random: what it may not do, whatever it is asked.

import { systemClock } from '../../src/cli/io/system-clock.ts';
import { type JsonObject, textAt } from '../../src/core/json.ts';
import { parseYaml } from '../../src/core/yaml.ts';
import { type LocalCluster, openLocalCluster } from '../../src/local-cluster/open.ts';
import { loadProtobuf } from '../../src/local-cluster/protobuf/envelope.ts';
import { isStream, type KubeRequest, type KubeResponse } from '../../src/local-cluster/request.ts';
import { loadBuiltinTypes } from '../../src/objects/types.ts';
import { randomKubeRequest, resourceOf, type Seed } from './random-kube.ts';
import { generator } from './random-requests.ts';
import { sampleKinds, sampleObject } from './sample-objects.ts';

const container = { name: 'c', image: 'i' };
const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [container] } };
const workload = { replicas: 1, selector: { matchLabels: { a: 'b' } }, template };
const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        n: { type: 'integer', default: 1 },
        t: { type: 'string', pattern: '^a+$' },
        l: { type: 'array', items: { type: 'object', properties: { k: { type: 'string' } }, required: ['k'] } },
      },
      'x-kubernetes-validations': [{ rule: 'self.n < 10' }],
    },
  },
};
const definition = {
  group: 'example.com',
  scope: 'Namespaced',
  names: { plural: 'things', kind: 'Thing' },
  versions: [
    { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, subresources: { status: {} } },
  ],
};

/** What is right, and so gets further than what is wrong from the beginning. */
const VALID: readonly (readonly [apiVersion: string, kind: string, body: JsonObject])[] = [
  ['v1', 'ConfigMap', { data: { a: 'b' } }],
  ['v1', 'Secret', { stringData: { a: 'b' } }],
  ['v1', 'Pod', { spec: { containers: [container] } }],
  ['v1', 'Service', { spec: { ports: [{ port: 80 }], selector: { a: 'b' } } }],
  ['v1', 'ServiceAccount', {}],
  ['apps/v1', 'Deployment', { spec: workload }],
  ['apps/v1', 'StatefulSet', { spec: { ...workload, serviceName: 's' } }],
  ['batch/v1', 'Job', { spec: { template: { spec: { ...template.spec, restartPolicy: 'Never' } } } }],
  [
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    { metadata: { name: 'others.example.com' }, spec: { ...definition, names: { plural: 'others', kind: 'Other' } } },
  ],
  [
    'rbac.authorization.k8s.io/v1',
    'RoleBinding',
    { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' } },
  ],
];

async function seedsOf(): Promise<Seed[]> {
  const protobuf = await loadProtobuf();
  const samples = sampleKinds(await loadBuiltinTypes()).map((kind) => sampleObject(kind));
  const valid = VALID.map(([apiVersion, kind, body]) => ({ apiVersion, kind, metadata: { name: 'sample' }, ...body }));
  const built = [...samples, ...Array.from({ length: 12 }, () => valid).flat()].flatMap((object): Seed[] => {
    const { apiVersion, kind } = object;
    const resource = resourceOf(apiVersion, kind);
    return resource ? [{ apiVersion, ...resource, object, bytes: protobuf.encode(object) }] : [];
  });
  const thing = {
    apiVersion: 'example.com/v1',
    kind: 'Thing',
    metadata: { name: 'sample' },
    spec: { n: 1, l: [{ k: 'a' }] },
  };
  const custom = { apiVersion: thing.apiVersion, plural: 'things', namespaced: true, object: thing, bytes: undefined };
  return [...built, ...Array.from({ length: 30 }, () => custom)];
}

/** Failures that a real API server answers as its own; all others with 500 are ours. */
const ITS_OWN = [
  /^strconv\.ParseUint/,
  /^resourceVersion should not be set/,
  /^resourceVersion: Invalid value: /,
  /^Internal error occurred: (Object 'apiVersion' is missing|the spec replicas field)/,
  /^failed to create manager for existing fields/,
  /^Timeout: Too large resource version: /,
  /^map: .* does not contain declared merge key/s,
  /^(list element types are not identical|unknown patch type|unable to find api field in struct)/,
  /^(lists of lists are not supported|no elements in any of the given slices|expected a \[\]interface)/,
  /^failed to create typed patch object/,
  /^failed to convert new object .* to proper version: unable to convert unstructured object to .*: quantities must/,
  /without impersonating a user$/,
  // Of the cluster of this test, which has none.
  /^the cluster has no port yet: /,
];

/** What is asked about is there, as long as nobody deletes it. */
async function makeSamples(cluster: LocalCluster, seeds: readonly Seed[]): Promise<void> {
  for (const { apiVersion, plural, namespaced, object } of new Set(seeds)) {
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    await cluster.handle(post(`${root}${namespaced ? '/namespaces/default' : ''}/${plural}`, object));
  }
}

const SLOW_MS = 2000;

export interface KubeRun {
  readonly faults: readonly string[];
  readonly statuses: ReadonlyMap<number, number>;
}

export async function runKubeAtRandom(count: number, seed: number): Promise<KubeRun> {
  const cluster = await openLocalCluster({ clock: systemClock, random: Math.random });
  const faults: string[] = [];
  const statuses = new Map<number, number>();
  try {
    const ask = (request: KubeRequest): Promise<KubeResponse> => cluster.handle(request);
    await ask(
      post('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
        metadata: { name: 'things.example.com' },
        spec: definition,
      }),
    );
    const [seeds, pick] = [await seedsOf(), generator(seed)];
    for (let index = 0; index < count; index += 1) {
      if (index % 100 === 0) await makeSamples(cluster, seeds);
      const request = randomKubeRequest(seeds, pick);
      const before = await revisionOf(cluster);
      const started = performance.now();
      const answer = await outcome(() => ask(request));
      const took = performance.now() - started;
      const status = answer instanceof Error ? 0 : answer.status;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const fault = faultOf(answer) ?? (took > SLOW_MS ? `took ${Math.round(took)} ms` : undefined);
      const isWritten = status >= 400 && (await revisionOf(cluster)) !== before;
      if (fault !== undefined || isWritten)
        faults.push(told(index, request, fault ?? `${status}, and yet something changed`));
    }
    if (Object.hasOwn(Object.prototype, 'polluted') || Object.hasOwn(Object.prototype, 'a'))
      faults.push('Object.prototype has changed');
  } finally {
    await cluster.close();
  }
  return { faults, statuses };
}

const post = (path: string, body: JsonObject): KubeRequest => ({
  method: 'POST',
  path,
  query: new URLSearchParams(),
  headers: {},
  body,
});

async function outcome(ask: () => Promise<KubeResponse>): Promise<KubeResponse | Error> {
  try {
    const answer = await ask();
    if (isStream(answer.body)) await answer.body[Symbol.asyncIterator]().return?.();
    return answer;
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  }
}

function faultOf(answer: KubeResponse | Error): string | undefined {
  if (answer instanceof Error) return answer.stack ?? answer.message;
  // 501: no command runs in a simulated Pod.
  if (answer.status < 500 || answer.status === 501) return undefined;
  const message = isStream(answer.body) ? '' : messageIn(answer.body);
  return ITS_OWN.some((own) => own.test(message)) ? undefined : `${answer.status} ${message}`;
}

/** Failures are told in the form that was asked for: JSON, or YAML. */
const messageIn = (body: Exclude<KubeResponse['body'], AsyncIterable<unknown>>): string =>
  textAt(typeof body === 'string' ? parseYaml(body, 'the answer') : body, 'message');

/** Grows with every change of anything. */
async function revisionOf(cluster: LocalCluster): Promise<string> {
  const { body } = await cluster.handle({
    method: 'GET',
    path: '/api/v1/componentstatuses',
    query: new URLSearchParams(),
    headers: {},
  });
  return isStream(body) ? '' : textAt(body, 'metadata', 'resourceVersion');
}

function told(index: number, { method, path, query, headers, body }: KubeRequest, fault: string): string {
  const text = body instanceof Uint8Array ? Buffer.from(body).toString('latin1') : JSON.stringify(body ?? '');
  return `#${index} ${method} ${path}?${query} ${headers['content-type'] ?? ''} ${text.slice(0, 600)}: ${fault.slice(0, 900)}`;
}
