// Lists as kubectl prints them: the columns of each kind, and what stands in them.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { at, type Json, type JsonObject, listAt, textAt } from '../../../src/core/json.ts';
import { builtinResources } from '../../../src/objects/types.ts';
import { type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';

let kube: KubeCalls;
beforeAll(async () => {
  kube = await openKubeCalls(systemClock);
});
afterAll(() => kube.close());

const TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };

async function table(path: string): Promise<JsonObject> {
  const { body } = await kube.call('GET', path, undefined, { headers: TABLE });
  return body;
}

/** The names of a table's columns; those of the wide form in brackets. */
const head = (body: JsonObject): string =>
  listAt(body, 'columnDefinitions')
    .map((column) => (at(column, 'priority') === 1 ? `[${textAt(column, 'name')}]` : textAt(column, 'name')))
    .join(' | ');

const HEADS: Readonly<Record<string, string>> = {
  '/api/v1/componentstatuses': 'Name | Status | Message | Error',
  '/api/v1/configmaps': 'Name | Data | Age',
  '/api/v1/endpoints': 'Name | Endpoints | Age',
  '/api/v1/events':
    'Last Seen | Type | Reason | Object | [Subobject] | [Source] | Message | [First Seen] | [Count] | [Name]',
  '/api/v1/limitranges': 'Name | Created At',
  '/api/v1/nodes':
    'Name | Status | Roles | Age | Version | [Internal-IP] | [External-IP] | [OS-Image] | [Kernel-Version] | [Container-Runtime]',
  '/api/v1/persistentvolumeclaims':
    'Name | Status | Volume | Capacity | Access Modes | StorageClass | VolumeAttributesClass | Age | [VolumeMode]',
  '/api/v1/persistentvolumes':
    'Name | Capacity | Access Modes | Reclaim Policy | Status | Claim | StorageClass | VolumeAttributesClass | Reason | Age | [VolumeMode]',
  '/api/v1/pods': 'Name | Ready | Status | Restarts | Age | [IP] | [Node] | [Nominated Node] | [Readiness Gates]',
  '/api/v1/podtemplates': 'Name | Containers | Images | Pod Labels',
  '/api/v1/replicationcontrollers': 'Name | Desired | Current | Ready | Age | [Containers] | [Images] | [Selector]',
  '/api/v1/resourcequotas': 'Name | Request | Limit | Age',
  '/api/v1/services': 'Name | Type | Cluster-IP | External-IP | Port(s) | Age | [Selector]',
  '/apis/apps/v1/daemonsets':
    'Name | Desired | Current | Ready | Up-to-date | Available | Node Selector | Age | [Containers] | [Images] | [Selector]',
  '/apis/apps/v1/controllerrevisions': 'Name | Controller | Revision | Age',
  '/apis/apps/v1/statefulsets': 'Name | Ready | Age | [Containers] | [Images]',
  '/apis/autoscaling/v2/horizontalpodautoscalers': 'Name | Reference | Targets | MinPods | MaxPods | Replicas | Age',
  '/apis/batch/v1/cronjobs':
    'Name | Schedule | Timezone | Suspend | Active | Last Schedule | Age | [Containers] | [Images] | [Selector]',
  '/apis/batch/v1/jobs': 'Name | Status | Completions | Duration | Age | [Containers] | [Images] | [Selector]',
  '/apis/certificates.k8s.io/v1/certificatesigningrequests':
    'Name | Age | SignerName | Requestor | RequestedDuration | Condition',
  '/apis/coordination.k8s.io/v1/leases': 'Name | Holder | Age',
  '/apis/discovery.k8s.io/v1/endpointslices': 'Name | AddressType | Ports | Endpoints | Age',
  '/apis/networking.k8s.io/v1/ingresses': 'Name | Class | Hosts | Address | Ports | Age',
  '/apis/networking.k8s.io/v1/ingressclasses': 'Name | Controller | Parameters | Age',
  '/apis/networking.k8s.io/v1/networkpolicies': 'Name | Pod-Selector | Age',
  '/apis/policy/v1/poddisruptionbudgets': 'Name | Min Available | Max Unavailable | Allowed Disruptions | Age',
  '/apis/rbac.authorization.k8s.io/v1/clusterroles': 'Name | Created At',
  '/apis/rbac.authorization.k8s.io/v1/rolebindings': 'Name | Role | Age | [Users] | [Groups] | [ServiceAccounts]',
  '/apis/scheduling.k8s.io/v1/priorityclasses': 'Name | Value | Global-Default | Age | PreemptionPolicy',
  '/apis/storage.k8s.io/v1/storageclasses':
    'Name | Provisioner | ReclaimPolicy | VolumeBindingMode | AllowVolumeExpansion | Age',
};

test.each(Object.entries(HEADS))('%s', async (path, columns) => {
  expect(head(await table(path))).toBe(columns);
});

test.each([
  ['/api/v1/pods', 'Ready', 'The aggregate readiness state of this pod for accepting traffic.'],
  ['/api/v1/componentstatuses', 'Message', 'Message of the component conditions'],
  ['/apis/events.k8s.io/v1/events', 'Object', 'The object that this event is about.'],
  ['/apis/rbac.authorization.k8s.io/v1/rolebindings', 'Users', 'Users in the roleBinding'],
  ['/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', 'Users', 'Users in the clusterRoleBinding'],
])('%s says what %s means', async (path, name, description) => {
  const column = listAt(await table(path), 'columnDefinitions').find((one) => textAt(one, 'name') === name);
  expect(column).toMatchObject({ description });
});

test('every kind that can be listed answers as a table', async () => {
  for (const [apiVersion, entries] of Object.entries(builtinResources())) {
    const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
    for (const { name, verbs } of entries) {
      if (!verbs.includes('list')) continue;
      const body = await table(`${root}/${name}`);
      expect(body['kind'], name).toBe('Table');
      for (const row of listAt(body, 'rows')) {
        expect(listAt(row, 'cells').length, name).toBe(listAt(body, 'columnDefinitions').length);
      }
    }
  }
});

const CORE = '/api/v1/namespaces/default';

/** A row's cells without its name and those of time. */
async function cells(path: string, plural: string, body: JsonObject): Promise<readonly Json[]> {
  const made = await kube.call('POST', `${path}/${plural}`, body);
  expect(made).toMatchObject({ status: 201 });
  const name = textAt(made.body, 'metadata', 'name');
  if (body['status'] !== undefined) {
    const headers = { 'content-type': 'application/merge-patch+json' };
    await kube.call('PATCH', `${path}/${plural}/${name}/status`, { status: body['status'] }, { headers });
  }
  return listAt(await table(`${path}/${plural}/${name}`), 'rows', 0, 'cells');
}

const pod = (name: string, spec: JsonObject, status: JsonObject): JsonObject => ({
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'i' }], automountServiceAccountToken: false, ...spec },
  status,
});

const state = (name: string, more: JsonObject): JsonObject => ({
  name,
  image: 'i',
  imageID: '',
  ready: false,
  restartCount: 0,
  ...more,
});

test.each<[string, JsonObject, JsonObject, readonly string[]]>([
  ['pending', {}, { phase: 'Pending' }, ['0/1', 'Pending', '0']],
  [
    'running',
    {},
    { phase: 'Running', containerStatuses: [state('c', { ready: true, state: { running: {} } })] },
    ['1/1', 'Running', '0'],
  ],
  [
    'crashing',
    {},
    {
      phase: 'Running',
      containerStatuses: [state('c', { restartCount: 4, state: { waiting: { reason: 'CrashLoopBackOff' } } })],
    },
    ['0/1', 'CrashLoopBackOff', '4'],
  ],
  [
    'exited',
    {},
    { phase: 'Failed', containerStatuses: [state('c', { state: { terminated: { exitCode: 3 } } })] },
    ['0/1', 'ExitCode:3', '0'],
  ],
  ['evicted', {}, { phase: 'Failed', reason: 'Evicted' }, ['0/1', 'Evicted', '0']],
  [
    'starting',
    {
      initContainers: [
        { name: 'a', image: 'i' },
        { name: 'b', image: 'i' },
      ],
    },
    {
      phase: 'Pending',
      initContainerStatuses: [
        state('a', { state: { terminated: { exitCode: 0 } } }),
        state('b', { state: { running: {} } }),
      ],
    },
    ['0/1', 'Init:1/2', '0'],
  ],
  [
    'failing-to-start',
    { initContainers: [{ name: 'a', image: 'i' }] },
    {
      phase: 'Pending',
      initContainerStatuses: [state('a', { restartCount: 2, state: { waiting: { reason: 'CrashLoopBackOff' } } })],
    },
    ['0/1', 'Init:CrashLoopBackOff', '2'],
  ],
])('a Pod that is %s', async (name, spec, status, expected) => {
  expect((await cells(CORE, 'pods', pod(name, spec, status))).slice(1, 4)).toEqual(expected);
});

test('services', async () => {
  const service = (name: string, spec: JsonObject): Promise<readonly Json[]> =>
    cells(CORE, 'services', { metadata: { name }, spec });
  const ports = [{ port: 80, nodePort: 30080 }];
  const balanced = await service('balanced', { type: 'LoadBalancer', ports });
  expect([balanced[1], balanced[3], balanced[4]]).toEqual(['LoadBalancer', '<pending>', '80:30080/TCP']);
  expect((await service('named', { type: 'ExternalName', externalName: 'a.example' })).slice(1, 5)).toEqual([
    'ExternalName',
    '<none>',
    'a.example',
    '<none>',
  ]);
});

test('claims, autoscalers, budgets, jobs', async () => {
  const claim = {
    metadata: { name: 'v' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  };
  expect((await cells(CORE, 'persistentvolumeclaims', claim)).slice(1, 7)).toEqual([
    'Pending',
    '',
    '',
    '',
    '',
    '<unset>',
  ]);
  const metrics = [
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
  ];
  const scaler = {
    metadata: { name: 'h' },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 3, metrics },
  };
  expect(
    (await cells('/apis/autoscaling/v2/namespaces/default', 'horizontalpodautoscalers', scaler)).slice(1, 6),
  ).toEqual(['Deployment/web', 'cpu: <unknown>/80%', '1', 3, 0]);
  const budget = { metadata: { name: 'b' }, spec: { minAvailable: '50%', selector: {} } };
  expect((await cells('/apis/policy/v1/namespaces/default', 'poddisruptionbudgets', budget)).slice(1, 4)).toEqual([
    '50%',
    'N/A',
    0,
  ]);
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } };
  const job = { metadata: { name: 'j' }, spec: { completions: 3, template } };
  expect((await cells('/apis/batch/v1/namespaces/default', 'jobs', job)).slice(1, 4)).toEqual(['Running', '0/3', '']);
});

test('what nobody says can be chosen by the value that it has then', async () => {
  await kube.call('POST', '/api/v1/nodes', { metadata: { name: 'idle' } });
  await kube.call('POST', '/apis/batch/v1/namespaces/default/jobs', {
    metadata: { name: 'once' },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } } },
  });
  const names = async (path: string): Promise<readonly string[]> =>
    listAt((await kube.call('GET', path)).body, 'items').map((item) => textAt(item, 'metadata', 'name'));
  expect(await names('/api/v1/nodes?fieldSelector=spec.unschedulable%3Dfalse')).toEqual(['idle']);
  expect(await names('/api/v1/nodes?fieldSelector=spec.unschedulable%3Dtrue')).toEqual([]);
  expect(
    await names('/apis/batch/v1/namespaces/default/jobs?fieldSelector=status.successful%3D0,metadata.name%3Donce'),
  ).toEqual(['once']);
});

const ROOT = '/api/v1/namespaces/default';
const slice = { addressType: 'IPv4', endpoints: [], metadata: { name: 'e' } };
const subsets = (...list: readonly JsonObject[]): JsonObject => ({ metadata: { name: 'e' }, subsets: [...list] });
const event = (more: JsonObject): JsonObject => ({
  metadata: { name: 'e' },
  involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' },
  ...more,
});
const parent = (parentRef: JsonObject): JsonObject => ({ metadata: { name: '10.9.9.9' }, spec: { parentRef } });
const SLICES = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';
const ADDRESSES = '/apis/networking.k8s.io/v1/ipaddresses';

test.each<readonly [path: string, cell: number, text: Json, body: JsonObject]>([
  [SLICES, 2, '<unset>', { ...slice, ports: [{}] }],
  [SLICES, 2, '5,b', { ...slice, ports: [{ port: 5 }, { name: 'b' }] }],
  [`${ROOT}/endpoints`, 1, '[fd00::1]:1', subsets({ addresses: [{ ip: 'fd00::1' }], ports: [{ port: 1 }] })],
  [`${ROOT}/endpoints`, 1, '', subsets({ notReadyAddresses: [{ ip: '1.1.1.1' }] })],
  [`${ROOT}/endpoints`, 1, '<none>', subsets()],
  [`${ROOT}/events`, 0, '<invalid>', event({ lastTimestamp: '2199-01-01T00:00:00Z' })],
  [`${ROOT}/events`, 8, 0, event({ series: { count: 0 } })],
  [ADDRESSES, 1, 'rs.g/ns/n', parent({ group: 'g', resource: 'Rs', namespace: 'ns', name: 'n' })],
  [ADDRESSES, 1, 'nodes/n', parent({ resource: 'nodes', name: 'n' })],
  [
    '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers',
    2,
    'cpu: <unknown>/50%',
    {
      metadata: { name: 'spread' },
      spec: {
        maxReplicas: 2,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' },
        targetCPUUtilizationPercentage: 50,
      },
    },
  ],
])('%s: cell %i is %j', async (path, index, text, body) => {
  const made = await kube.call('POST', `${path}?dryRun=All`, body, { headers: TABLE });
  expect(made.message).toBe('');
  expect(listAt(made.body, 'rows', 0, 'cells')[index]).toEqual(text);
});

const REFUSED =
  'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf';

test('subresources answer as tables where they have columns', async () => {
  const spec = {
    selector: { a: 'b' },
    template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
  };
  await kube.call('POST', `${ROOT}/replicationcontrollers`, { metadata: { name: 'scaled' }, spec });
  const path = `${ROOT}/replicationcontrollers/scaled`;
  expect(head(await table(`${path}/scale`))).toBe('Name | Desired | Available | Age');
  const headers = { ...TABLE, 'content-type': 'application/merge-patch+json' };
  const patched = await kube.call('PATCH', `${path}/status?dryRun=All`, { status: { replicas: 3 } }, { headers });
  expect(listAt(patched.body, 'rows', 0, 'cells').slice(0, 3)).toEqual(['scaled', 1, 3]);
  for (const [method, place, body] of [
    ['POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec: { nonResourceAttributes: {} } }],
    ['POST', `${ROOT}/serviceaccounts/default/token`, {}],
    ['GET', '/apis/apiregistration.k8s.io/v1/apiservices/v1./status', undefined],
  ] as const) {
    expect(await kube.call(method, place, body, { headers: TABLE })).toMatchObject({ status: 406, message: REFUSED });
  }
});

test.each(['', '&watch=true'])('refuses to include what is no part of an object%s', async (query) => {
  const path = `${ROOT}/configmaps?includeObject=all${query}`;
  expect(await kube.call('GET', path, undefined, { headers: TABLE })).toMatchObject({
    status: 400,
    message: `Unable to convert to Table as requested: includeObject: Invalid value: "all": must be 'Metadata', 'Object', 'None', or empty`,
  });
});

test('schemas of flow stand in the order in which they are tried', async () => {
  const path = '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas';
  const { body } = await kube.call('GET', path, undefined, { headers: TABLE });
  const names = listAt(body, 'rows').map((row) => String(at(row, 'cells', 0)));
  expect([names[0], names.at(-2), names.at(-1)]).toEqual(['exempt', 'global-default', 'catch-all']);
});

describe('columns of a definition', () => {
  const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const path = '/apis/columns.example/v1/namespaces/default/rows';
  const SPEC = {
    text: 'x<y',
    count: 5,
    part: 1.5,
    large: 1e21,
    on: true,
    map: { b: ['<'], a: 1 },
    day: '2020-01-01',
    items: [
      { n: 1, t: 'p' },
      { n: 2, t: 'q' },
    ],
  };
  const column = (type: string, jsonPath: string): JsonObject => ({ name: `${type}${jsonPath}`, type, jsonPath });

  async function define(columns: readonly JsonObject[]): Promise<void> {
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    const version = { served: true, schema };
    await kube.call('DELETE', `${DEFINITIONS}/rows.columns.example`);
    await expect.poll(async () => (await kube.call('GET', path)).status).toBe(404);
    await kube.call('POST', DEFINITIONS, {
      metadata: { name: 'rows.columns.example' },
      spec: {
        group: 'columns.example',
        scope: 'Namespaced',
        names: { plural: 'rows', kind: 'Row' },
        versions: [
          { ...version, name: 'v1', storage: true, additionalPrinterColumns: columns },
          { ...version, name: 'v1beta1', storage: false, deprecated: true },
          { ...version, name: 'v1alpha1', storage: false, deprecated: true, deprecationWarning: 'gone soon' },
        ],
      },
    });
    await expect.poll(async () => (await kube.call('GET', path)).status).toBe(200);
    await kube.call('POST', path, {
      apiVersion: 'columns.example/v1',
      kind: 'Row',
      metadata: { name: 'a' },
      spec: SPEC,
    });
  }

  test('show a value as their type has it', async () => {
    const cells: readonly (readonly [type: string, path: string, cell: Json])[] = [
      ['string', '.spec.text', 'x<y'],
      ['string', '.spec.count', '5'],
      ['string', '.spec.large', '1e+21'],
      ['string', '.spec.on', 'true'],
      ['string', '.spec.map', '{"a":1,"b":["\\u003c"]}'],
      ['string', '.spec.none', null],
      ['string', '.spec.items[?(@.n==2)].t', 'q'],
      ['string', '.spec.items[-1].n', '2'],
      ['integer', '.spec.part', 1],
      ['integer', '.spec.large', -(2 ** 63)],
      ['integer', '.spec.text', null],
      ['number', '.spec.part', 1.5],
      ['number', '.spec.on', null],
      ['boolean', '.spec.on', true],
      ['boolean', '.spec.count', null],
      ['date', '.spec.day', '<invalid>'],
      ['date', '.spec.count', null],
    ];
    await define(cells.map(([type, jsonPath]) => column(type, jsonPath)));
    expect(listAt(await table(path), 'rows', 0, 'cells')).toEqual(['a', ...cells.map(([, , cell]) => cell)]);
  });

  test('end where a path is none', async () => {
    await define([column('string', '.spec.text'), column('string', '.spec["text"]'), column('string', '.spec.count')]);
    expect(head(await table(path))).toBe('Name | string.spec.text');
  });

  test.each([
    ['v1', ''],
    ['v1beta1', '299 - "columns.example/v1beta1 Row is deprecated; use columns.example/v1 Row"'],
    ['v1alpha1', '299 - "gone soon"'],
  ])('a version that had its time names the one to use: %s', async (version, warning) => {
    const answer = await kube.call('GET', path.replace('/v1/', `/${version}/`));
    expect(answer.warning).toBe(warning);
  });
});
