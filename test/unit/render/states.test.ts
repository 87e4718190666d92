import { expect, test } from 'vitest';
import { resourceStates } from '../../../src/render/states.ts';
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
