// The poll compares nothing again that has not changed; what it must compare again, although no object of the application
// itself has changed. On a clock that goes twenty times as fast.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseYaml } from '../../../src/core/yaml.ts';
import { isKubeObject, type KubeObject } from '../../../src/objects/object.ts';
import { type Controlled, configMap, openControlled } from '../../support/controlled.ts';

let system: Controlled;

beforeEach(async () => {
  system = await openControlled();
});

afterEach(() => system.close());

const CRD = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  name: 'widgets.example.com',
};

const definition = (properties = '{size: {type: integer}}', kind = 'Widget'): string => `---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ${kind.toLowerCase()}s.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: ${kind.toLowerCase()}s, singular: ${kind.toLowerCase()}, kind: ${kind}, listKind: ${kind}List}
  versions:
  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: ${properties}}}}}}
`;

function objectOf(yaml: string): KubeObject {
  const object = parseYaml(yaml, 'a definition');
  if (!isKubeObject(object)) throw new Error('no object');
  return object;
}

const syncStatus = async (): Promise<string | undefined> => (await system.app()).status?.sync?.status;
const drifts = (): Promise<void> =>
  system.until('the drift to be noticed', async () => (await syncStatus()) === 'OutOfSync');

async function deploy(files: Readonly<Record<string, string>>, spec = {}): Promise<void> {
  await system.repository.commit(files);
  await system.create(spec);
  expect((await system.sync()).phase).toBe('Succeeded');
  await system.settled();
  expect(await syncStatus()).toBe('Synced');
}

test('notices that a definition, which carries no mark of its application, is gone', async () => {
  await deploy({ 'd.yaml': definition() });
  await system.cluster.delete(CRD);
  await drifts();
});

test('notices a change of a definition', async () => {
  await deploy({ 'd.yaml': definition() });
  await system.cluster.patch(CRD, {
    type: 'json',
    body: [
      {
        op: 'replace',
        path: '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/size/type',
        value: 'string',
      },
    ],
  });
  await drifts();
});

test('notices a change of an object whose mark is ignored and gone', async () => {
  const ignoreDifferences = [{ group: '', kind: 'ConfigMap', jsonPointers: ['/metadata/annotations'] }];
  await deploy({ 'm.yaml': configMap('m', '', 'a: "1"') }, { ignoreDifferences });
  const reference = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'm' };
  await system.cluster.patch(reference, { type: 'merge', body: { metadata: { annotations: null } } });
  await system.clock.sleep(5000);
  expect(await syncStatus()).toBe('Synced');
  await system.cluster.patch(reference, { type: 'merge', body: { data: { a: '2' } } });
  await drifts();
});

test('renders again when the cluster serves a kind that a chart asks for', async () => {
  await deploy({
    'Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
    'templates/m.yaml': configMap('m'),
    'templates/n.yaml': `{{ if .Capabilities.APIVersions.Has "example.com/v1/Gadget" }}\n${configMap('more')}\n{{ end }}`,
  });
  await system.put(objectOf(definition('{}', 'Gadget')));
  await drifts();
});

test('notices that a definition is gone with its objects, and follows the ones of a new one', async () => {
  await system.put(objectOf(definition()));
  const widget = (size: number): string =>
    `apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: {size: ${size}}\n`;
  await deploy({ 'w.yaml': widget(1) });
  await system.cluster.delete(CRD);
  await drifts();
  await system.put(objectOf(definition()));
  expect((await system.sync()).phase).toBe('Succeeded');
  await system.settled();
  expect(await syncStatus()).toBe('Synced');
  const reference = { group: 'example.com', version: 'v1', kind: 'Widget', namespace: 'default', name: 'w' };
  await system.cluster.patch(reference, { type: 'merge', body: { spec: { size: 2 } } });
  await drifts();
});

const SETTINGS = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'argocd', name: 'argocd-cm' };

test('takes nothing away when its kind is excluded while the system runs', async () => {
  await deploy(
    { 'm.yaml': configMap('m'), 's.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n' },
    { syncPolicy: { automated: { prune: true, selfHeal: true, allowEmpty: true } } },
  );
  const data = { 'resource.exclusions': '- {apiGroups: [""], kinds: [Secret]}' };
  await system.cluster.patch(SETTINGS, { type: 'merge', body: { data } });
  await system.commit({ 'm.yaml': configMap('m', '', 'a: "1"') });
  await system.settled();
  const { status } = await system.app();
  expect(status?.sync?.status).toBe('Synced');
  expect(status?.conditions?.map(({ type }) => type)).toEqual(['ExcludedResourceWarning']);
  expect(await system.find('Secret', 's')).toBeDefined();
  await system.ask('DELETE', '/api/v1/applications/web');
  await system.settled();
  expect(await system.find('ConfigMap', 'm')).toBeUndefined();
  expect(await system.find('Secret', 's')).toBeDefined();
});
