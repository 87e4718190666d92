import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Application } from '../../../src/model/application.ts';
import { anApplication } from '../../support/applications.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser } from '../../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

const APP = '/api/v1/applications/guestbook';
const deployment = (replicas: number, extra: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', ...extra },
  spec: { replicas },
});

function serve(app: Application, windows: object = { canSync: true }): void {
  api.on(`GET ${APP}`).reply(200, app);
  api.on(`GET ${APP}/syncwindows`).reply(200, windows);
}

function serveDrift(): void {
  const [live, target] = [deployment(5), deployment(2)].map((object) => JSON.stringify(object));
  const item = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' };
  api.on(`GET ${APP}/managed-resources`).reply(200, {
    items: [{ ...item, liveState: live, normalizedLiveState: live, targetState: target, predictedLiveState: target }],
  });
  const managedFields = [
    {
      manager: 'kubectl',
      operation: 'Update',
      time: '2026-01-05T09:00:00Z',
      fieldsV1: { 'f:spec': { 'f:replicas': {} } },
    },
  ];
  api.on(`GET ${APP}/resource`).reply(200, { manifest: JSON.stringify(deployment(5, { managedFields })) });
}

describe('hawser app explain', () => {
  test('names the fields that differ, who wrote them, and the rule that would ignore them', async () => {
    serve(anApplication({ sync: 'OutOfSync' }));
    serveDrift();
    const { code, out, err } = await hawser('app explain guestbook', { api });
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`Sync     OutOfSync from main (0123456)
  Deployment shop/web differs from Git
    spec.replicas: 5 in the cluster, 2 in Git; written by kubectl (Update, 2026-01-05T09:00:00Z)
      would be ignored by: ignoreDifferences: [{group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}]
`);
    expect(out).toContain('automated sync is off');
    expect(out).toContain('  hawser app diff guestbook\n  hawser app sync guestbook\n');
  });

  test('is one document with -o json', async () => {
    serve(anApplication({ sync: 'OutOfSync' }));
    serveDrift();
    const { out } = await hawser('app explain guestbook -o json', { api });
    expect(JSON.parse(out)).toMatchObject({
      sync: {
        status: 'OutOfSync',
        resources: [{ change: 'differs', fields: [{ field: 'spec.replicas', live: '5' }] }],
      },
    });
  });

  test('says what keeps it from being synced: a window, drift without self-heal', async () => {
    serve(anApplication({ sync: 'OutOfSync', automated: true }), {
      canSync: false,
      assignedWindows: [{ kind: 'deny', schedule: '0 0 * * *', duration: '24h' }],
      activeWindows: [{ kind: 'deny', schedule: '0 0 * * *', duration: '24h' }],
    });
    serveDrift();
    const { out } = await hawser('app explain guestbook', { api });
    expect(out).toContain('a sync window does not allow it now (deny 0 0 * * * for 24h)');
  });

  test('has nothing to complain of where all is well', async () => {
    serve(anApplication());
    const { out } = await hawser('app explain guestbook', { api });
    expect(out).toMatch(/^argocd\/guestbook\nSync {5}Synced to main \(0123456\)\nHealth {3}Healthy\nNext\n/);
    expect(out).not.toContain('Why it does not sync');
  });
});
