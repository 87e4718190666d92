// The example of docs/local-cluster.md as somebody types it: a definition, a rule, an object; and an operator's kind beside it.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { definitionOf } from '../support/simulated-kinds.ts';
import { create, createWorkplace, type Workplace } from '../support/workplace.ts';

let place: Workplace;

beforeAll(async () => {
  place = await createWorkplace();
});

afterAll(() => place.remove());

const example = (): string => {
  const documentation = readFileSync(new URL('../../docs/local-cluster.md', import.meta.url), 'utf8');
  const [, yaml = ''] = /```yaml\n(apiVersion: apiextensions[\s\S]*?)```/.exec(documentation) ?? [];
  return yaml;
};

const jsonPath = async (what: string, path: string): Promise<string> =>
  (await place.hawser(['local', 'kubectl', 'get', what, '-o', `jsonpath={${path}}`].join(' '))).out;

test('an object of a kind that has a rule becomes Ready, and its application Healthy', async () => {
  expect(example()).toContain('kind: Widget');
  await place.repository.commit({ 'widgets/all.yaml': example() });
  const line = create('widgets', place).replace('--path guestbook', '--path widgets');
  expect(await place.hawser(line)).toMatchObject({ code: 0 });
  expect(await place.hawser('app sync widgets --timeout 60')).toMatchObject({ code: 0 });
  const until = await place.hawser('local kubectl wait widget/blue --for=jsonpath={.status.phase}=Ready --timeout=30s');
  expect(until).toMatchObject({ code: 0 });
  expect(await jsonPath('widget/blue', '.status.conditions[0].message')).toBe('a widget of size 3');
  expect(await jsonPath('widget/blue', '.status.size')).toBe('3');
  expect(await place.hawser('app wait widgets --health --sync --timeout 30')).toMatchObject({ code: 0 });
  const { out } = await place.hawser('app get widgets -o json');
  expect(JSON.parse(out)).toMatchObject({ status: { health: { status: 'Healthy' }, sync: { status: 'Synced' } } });
}, 120_000);

const ROLLOUTS = `${JSON.stringify(definitionOf({ group: 'argoproj.io', kind: 'Rollout', version: 'v1alpha1' }))}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: 'nginx:1'}]}
`;

test('a Rollout has its Pods in the tree of its application', async () => {
  await place.repository.commit({ 'rollout/all.yaml': ROLLOUTS });
  const line = create('rollout', place).replace('--path guestbook', '--path rollout');
  expect(await place.hawser(line)).toMatchObject({ code: 0 });
  expect(await place.hawser('app sync rollout --timeout 60')).toMatchObject({ code: 0 });
  const until = await place.hawser(
    'local kubectl wait rollout/web --for=jsonpath={.status.phase}=Healthy --timeout=30s',
  );
  expect(until).toMatchObject({ code: 0 });
  const { out } = await place.hawser('app get rollout -o tree');
  expect(out).toMatch(/Rollout[\s\S]*ReplicaSet[\s\S]*Pod[\s\S]*Pod/);
}, 120_000);
