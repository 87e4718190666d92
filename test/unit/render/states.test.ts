import { expect, test } from 'vitest';
import { resourceStates, resultName } from '../../../src/render/states.ts';
import { anApplication } from '../../support/applications.ts';

const hook = { group: 'batch', version: 'v1', kind: 'Job', namespace: 'shop', name: 'migrate' };

test('a hook that is still there has one row, with what became of it', () => {
  const app = anApplication();
  const result = { ...hook, hookType: 'PreSync', hookPhase: 'Succeeded', status: 'Synced', message: 'done' };
  const states = resourceStates({
    ...app,
    status: {
      ...app.status,
      resources: [{ ...hook, hook: true }],
      operationState: { phase: 'Succeeded', syncResult: { resources: [result] } },
    },
  });
  expect(states).toMatchObject([{ name: 'migrate', status: 'Succeeded', hook: 'PreSync', message: 'done' }]);
});

test('what belongs to no namespace is called by its name alone, whatever the results of an operation say', () => {
  const app = anApplication();
  const namespace = app.spec.destination.namespace ?? '';
  const of = (kind: string, name: string, group = '') => ({
    group,
    version: 'v1',
    kind,
    namespace,
    name,
    status: 'SyncFailed',
  });
  const status = { ...app.status, resources: [{ version: 'v1', kind: 'Namespace', name: 'zz' }, of('ConfigMap', 'a')] };
  const name = (result: ReturnType<typeof of>): string => resultName(result, { ...app, status });
  expect(namespace).not.toBe('');
  expect(name(of('Namespace', 'zz'))).toBe('Namespace zz');
  expect(name(of('ConfigMap', 'a'))).toBe(`ConfigMap ${namespace}/a`);
  expect(name(of('ConfigMap', 'unknown'))).toBe(`ConfigMap ${namespace}/unknown`);
  expect(name({ ...of('ClusterRole', 'gone'), namespace: '' })).toBe('ClusterRole gone');
});
