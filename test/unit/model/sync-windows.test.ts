import { describe, expect, test } from 'vitest';
import type { Application } from '../../../src/model/application.ts';
import type { SyncWindow } from '../../../src/model/project.ts';
import { assignedWindows } from '../../../src/model/sync-windows.ts';

const app: Application = {
  metadata: { name: 'web-shop' },
  spec: { project: 'default', destination: { server: 'https://prod.example.com', namespace: 'shop' } },
};

describe('windows of an application', () => {
  test.each<[SyncWindow, boolean]>([
    [{ applications: ['web-*'] }, true],
    [{ applications: ['api'] }, false],
    [{ namespaces: ['shop'] }, true],
    [{ clusters: ['https://prod*'] }, true],
    [{ clusters: ['in-cluster'] }, false],
    [{}, false],
    [{ applications: ['api'], namespaces: ['shop'] }, true],
    [{ applications: ['api'], namespaces: ['shop'], andOperator: true }, false],
    [{ applications: ['web-shop'], namespaces: ['shop'], andOperator: true }, true],
  ])('%j', (one, isAssigned) => {
    expect(assignedWindows([one], app)).toHaveLength(isAssigned ? 1 : 0);
  });
});
