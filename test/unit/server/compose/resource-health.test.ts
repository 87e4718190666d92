import { expect, test } from 'vitest';
import type { ScriptOutcome } from '../../../../src/engine/scripts/scripts.ts';
import type { KubeObject } from '../../../../src/objects/object.ts';
import { createResourceHealth, latestOverrides } from '../../../../src/server/compose/resource-health.ts';

const settings = (script: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'argocd-cm' },
  data: { 'resource.customizations.health.example.com_Widget': script },
});

const widget = (resourceVersion: string, more: object = {}): KubeObject => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'x', uid: '1', resourceVersion, ...more },
});

/** Answers in turn, and remembers what was run. */
function scripted(...answers: readonly ScriptOutcome[]) {
  const runs: string[] = [];
  let config = settings('one');
  const overrides = latestOverrides(() => config);
  const health = createResourceHealth(overrides, async ({ script }) => {
    runs.push(script);
    return answers[runs.length - 1] ?? { type: 'nil' };
  });
  const assess = async (object: KubeObject) => {
    await health.assessHealth([object]);
    return health.healthOf(object);
  };
  return { runs, assess, health, change: (script: string) => (config = settings(script)) };
}

const table = (status: string): ScriptOutcome => ({ type: 'table', value: { status } });

test('a script is run once for each version of an object, and again when it is another one', async () => {
  const { runs, assess, change } = scripted(table('Healthy'), table('Degraded'), table('Suspended'));
  expect(await assess(widget('1'))).toEqual({ status: 'Healthy' });
  expect(await assess(widget('1'))).toEqual({ status: 'Healthy' });
  expect(await assess(widget('2'))).toEqual({ status: 'Degraded' });
  change('two');
  expect(await assess(widget('2'))).toEqual({ status: 'Suspended' });
  expect(runs).toEqual(['one', 'one', 'two']);
});

test('one that took too long is run again', async () => {
  const { assess } = scripted({ error: 'context deadline exceeded' }, table('Healthy'));
  expect(await assess(widget('1'))).toEqual({ status: 'Unknown', message: 'context deadline exceeded' });
  expect(await assess(widget('1'))).toEqual({ status: 'Healthy' });
});

test('what is being deleted is pending, and kinds without a script have their rules', async () => {
  const { runs, assess, health } = scripted();
  const deleted = widget('1', { deletionTimestamp: '2026-01-01T00:00:00Z' });
  expect(await assess(deleted)).toEqual({ status: 'Progressing', message: 'Pending deletion' });
  expect(await assess({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } })).toEqual({ status: 'Healthy' });
  expect(runs).toEqual([]);
  expect(health.hasHealthScripts()).toBe(true);
});

test('settings that cannot be read leave the rules that are built in', async () => {
  const broken = { ...settings('x'), data: { 'resource.customizations': '[a' } };
  const health = createResourceHealth(
    latestOverrides(() => broken),
    async () => ({ type: 'nil' }),
  );
  expect(health.hasHealthScripts()).toBe(false);
  expect(health.healthOf(widget('1'))).toBeUndefined();
});
