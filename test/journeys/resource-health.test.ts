// What runs beside the workloads: an application is as well as the kinds that operators bring.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { definitionOf } from '../support/simulated-kinds.ts';
import { create, createWorkplace, type Workplace } from '../support/workplace.ts';

const FLUX = { group: 'source.toolkit.fluxcd.io', kind: 'Bucket', withStatus: false };

/** Its status is as it stands in Git: no operator writes it. */
const bucket = (ready: string, reason: string): string => `${JSON.stringify(definitionOf(FLUX))}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: Bucket
metadata: {name: apps}
spec: {bucketName: apps}
status:
  conditions: [{type: Ready, status: "${ready}", reason: ${reason}}]
`;

const WIDGET = { group: 'example.com', kind: 'Widget' };

const widget = (colour: string): string => `${JSON.stringify(definitionOf(WIDGET))}
---
apiVersion: example.com/v1
kind: Widget
metadata: {name: blue}
spec: {colour: ${colour}, empty: {}}
`;

/** What somebody writes into argocd-cm for such a kind. */
const SETTINGS = {
  'resource.customizations.health.example.com_Widget': `
hs = {}
if obj.spec.colour == 'red' then
  hs.status = 'Degraded'
  hs.message = 'it is ' .. obj.spec.colour
elseif obj.spec.colour == 'broken' then
  return obj.missing.phase.text
else
  hs.status = 'Healthy'
end
return hs`,
  'resource.customizations.actions.example.com_Widget': `
discovery.lua: |
  actions = {}
  actions['paint'] = {['disabled'] = obj.spec.colour == 'green', ['params'] = {{['name'] = 'colour'}}}
  actions['copy'] = {}
  return actions
definitions:
- name: paint
  action.lua: |
    obj.spec.colour = actionParams['colour'] or 'green'
    obj.status = {painted = true}
    return obj
- name: copy
  action.lua: |
    local made = {}
    made.apiVersion = 'v1'
    made.kind = 'ConfigMap'
    made.metadata = {name = obj.metadata.name .. '-copy', namespace = obj.metadata.namespace}
    made.data = {colour = obj.spec.colour}
    return {{operation = 'create', resource = made}}`,
};

let place: Workplace;

beforeAll(async () => {
  place = await createWorkplace();
  await place.repository.commit({ 'flux/all.yaml': bucket('False', 'BucketOperationFailed') });
  const line = create('flux', place).replace('--path guestbook', '--path flux');
  expect(await place.hawser(line)).toMatchObject({ code: 0 });
});
afterAll(() => place.remove());

test('an application with a broken Bucket is Degraded, and says why', async () => {
  expect(await place.hawser('app sync flux --timeout 60')).toMatchObject({ code: 0 });
  const { out } = await place.hawser('app get flux -o json');
  expect(JSON.parse(out)).toMatchObject({ status: { health: { status: 'Degraded' }, sync: { status: 'Synced' } } });
  expect((await place.hawser('app get flux')).out).toMatch(/Bucket\s+default\s+apps\s+Synced\s+Degraded/);
  expect((await place.hawser('app explain flux')).out).toContain('BucketOperationFailed');
  const waited = await place.hawser('app wait flux --health --timeout 2');
  expect(waited.code).not.toBe(0);
  expect(waited.err).toContain('BucketOperationFailed');
}, 60_000);

test('and Healthy when it is mended', async () => {
  await place.repository.commit({ 'flux/all.yaml': bucket('True', 'Succeeded') });
  expect(await place.hawser('app sync flux --timeout 60')).toMatchObject({ code: 0 });
  expect(await place.hawser('app wait flux --health --timeout 30')).toMatchObject({ code: 0 });
  const suspend = 'app actions run flux suspend --kind Bucket --resource-name apps';
  expect(await place.hawser(suspend)).toMatchObject({ code: 0 });
  expect((await place.hawser('app get flux')).out).toMatch(/Bucket\s+default\s+apps\s+\w+\s+Suspended/);
}, 60_000);

const health = async (): Promise<unknown> =>
  JSON.parse((await place.hawser('app get widgets -o json')).out).status.health;

test('the settings say by a script how healthy a kind is', async () => {
  const kubectl = 'local kubectl -- patch configmap argocd-cm -n argocd --type merge -p'.split(' ');
  const data = JSON.stringify({ data: SETTINGS });
  expect(await place.hawser([...kubectl, data])).toMatchObject({ code: 0 });
  await place.repository.commit({ 'widgets/all.yaml': widget('red') });
  const line = create('widgets', place).replace('--path guestbook', '--path widgets');
  expect(await place.hawser(line)).toMatchObject({ code: 0 });
  expect(await place.hawser('app sync widgets --timeout 60')).toMatchObject({ code: 0 });
  expect(await health()).toMatchObject({ status: 'Degraded' });
  expect((await place.hawser('app get widgets')).out).toMatch(/Widget\s+default\s+blue\s+Synced\s+Degraded/);
  expect((await place.hawser('app explain widgets')).out).toContain('it is red');
  await place.repository.commit({ 'widgets/all.yaml': widget('broken') });
  expect(await place.hawser('app sync widgets --timeout 60')).toMatchObject({ code: 0 });
  expect(await health()).toMatchObject({ status: 'Unknown' });
  expect((await place.hawser('app get widgets -o tree')).out).toContain('Unknown');
  expect((await place.hawser('app explain widgets')).out).toContain("non-table object(nil) with key 'phase'");
  expect((await place.hawser('local status')).out).toMatch(/Unknown\s+Widget/);
}, 60_000);

test('and what can be done with it', async () => {
  const listed = await place.hawser('app actions list widgets --kind Widget -o json');
  expect(JSON.parse(listed.out)).toMatchObject([{ Action: 'copy' }, { Action: 'paint', Disabled: false }]);
  const run = (action: string) => place.hawser(`app actions run widgets ${action} --kind Widget --resource-name blue`);
  expect(await run('paint')).toMatchObject({ code: 0 });
  const colour = await place.hawser('local kubectl get widget blue -o jsonpath={.spec}');
  expect(JSON.parse(colour.out)).toEqual({ colour: 'green', empty: {} });
  const painted = await place.hawser('local kubectl get widget blue -o jsonpath={.status.painted}');
  expect(painted.out).toBe('true');
  expect(await health()).toMatchObject({ status: 'Healthy' });
  expect(await run('copy')).toMatchObject({ code: 0 });
  expect((await place.hawser('local kubectl get configmap blue-copy -o jsonpath={.data.colour}')).out).toBe('green');
  expect(await run('burn')).toMatchObject({ code: 20, err: expect.stringContaining('burn') });
}, 60_000);
