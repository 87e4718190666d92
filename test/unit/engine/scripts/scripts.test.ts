import { describe, expect, test } from 'vitest';
import type { Json } from '../../../../src/core/json.ts';
import { effectsOf, listedActions } from '../../../../src/engine/scripts/actions.ts';
import { scriptedHealth } from '../../../../src/engine/scripts/health.ts';
import { overrideFor, type RunScript, type ScriptOutcome } from '../../../../src/engine/scripts/scripts.ts';
import { readOverrides } from '../../../../src/engine/settings/overrides.ts';
import type { KubeObject } from '../../../../src/objects/object.ts';

const object = (apiVersion: string, kind: string): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: 'x', namespace: 'shop' },
  spec: { replicas: 1, empty: {} },
});

const table = (value: Json): ScriptOutcome => ({ type: 'table', value });
const answering =
  (value: Json): RunScript =>
  async () =>
    table(value);

describe('which script', () => {
  const overrides = readOverrides({
    'resource.customizations':
      '"*.example.com/*": {health.lua: a}\n"*/Widget": {health.lua: b}\nexample.com/Widget: {health.lua: own}',
    'resource.customizations.health.ConfigMap': 'core',
    'resource.customizations.actions.apps_Deployment': 'discovery.lua: d',
  });
  test.each([
    ['example.com/v1', 'Widget', 'own'],
    ['shop.example.com/v1', 'Widget', 'a'],
    ['other.org/v1', 'Widget', 'b'],
    ['v1', 'ConfigMap', 'core'],
    ['apps/v1', 'Deployment', undefined],
    ['other.org/v1', 'Gadget', undefined],
  ])('%s %s', (apiVersion, kind, script) => {
    expect(overrideFor(overrides, object(apiVersion, kind), 'healthLua')?.healthLua).toBe(script);
  });
});

test.each<[ScriptOutcome, ReturnType<typeof scriptedHealth>]>([
  [table({ status: 'Degraded', message: 'no' }), { status: 'Degraded', message: 'no' }],
  [table({ status: 'Healthy' }), { status: 'Healthy' }],
  [table({ status: 'healthy' }), { status: 'Unknown', message: 'Lua returned an invalid health status' }],
  [table({ message: 'no status' }), { status: 'Unknown', message: 'Lua returned an invalid health status' }],
  [table([]), undefined],
  [{ type: 'nil' }, undefined],
  [{ type: 'string' }, { status: 'Unknown', message: 'expect table output from Lua script, not string' }],
  [{ error: '<string>:1: out' }, { status: 'Unknown', message: '<string>:1: out' }],
])('%j is the health %j', (outcome, expected) => {
  expect(scriptedHealth(outcome)).toEqual(expected);
});

describe('actions', () => {
  const settings = (extra = ''): ReturnType<typeof readOverrides> =>
    readOverrides({
      'resource.customizations.actions.apps_Deployment': `${extra}
discovery.lua: d
definitions: [{name: restart, action.lua: r}, {name: freeze, action.lua: f}]`,
    });
  const deployment = object('apps/v1', 'Deployment');
  const discovery = answering({ freeze: { disabled: true, iconClass: 'fa', params: [{ name: 'by' }] }, restart: [] });

  test('a script hides what is built in', async () => {
    expect(await listedActions(settings(), deployment, discovery)).toEqual([
      { name: 'freeze', disabled: true, iconClass: 'fa', params: [{ name: 'by' }] },
      { name: 'restart' },
    ]);
  });

  test('or stands before it', async () => {
    const names = await listedActions(settings('mergeBuiltinActions: true'), deployment, discovery);
    expect(names.map(({ name, iconClass }) => [name, iconClass])).toEqual([
      ['freeze', 'fa'],
      ['pause', 'fa fa-fw fa-pause-circle'],
      ['restart', undefined],
      ['resume', 'fa fa-fw fa-play-circle'],
      ['scale', 'fa fa-fw fa-plus-circle'],
    ]);
  });

  const run = (value: Json, name = 'freeze') =>
    effectsOf(settings(), deployment, { name, parameters: {}, now: 0 }, answering(value));
  const changed: Json = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'x', namespace: 'shop' },
    spec: { replicas: 0, empty: [] },
  };

  test('change the object, or make others', async () => {
    expect(await run(changed)).toEqual([{ patch: { spec: { replicas: 0 } } }]);
    const job: Json = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j' } };
    expect(
      await run([
        { operation: 'create', resource: job },
        { operation: 'patch', resource: changed },
      ]),
    ).toEqual([{ create: job }, { patch: { spec: { replicas: 0 } } }]);
    expect(await run({ ...changed, spec: { replicas: 1, empty: {} } })).toEqual([]);
  });

  test('what the settings do not define is built in, where it is', async () => {
    expect(await run([], 'pause')).toEqual([{ patch: { spec: { paused: true } } }]);
    await expect(run([], 'fly')).rejects.toThrow("there is no action 'fly'");
  });

  test.each<[string, Json, string]>([
    [
      'another object',
      { ...changed, metadata: { name: 'y', namespace: 'shop' } },
      'the object that it is run on alone',
    ],
    ['what is none', { a: 1 }, 'no Kubernetes object'],
    ['an unknown operation', [{ operation: 'delete', resource: changed }], 'unsupported operation: delete'],
  ])('%s is refused', async (_name, value, says) => {
    await expect(run(value)).rejects.toThrow(says);
  });

  test('a script that fails says so', async () => {
    const failing = effectsOf(settings(), deployment, { name: 'freeze', parameters: {}, now: 0 }, async () => ({
      error: '<string>:1: no',
    }));
    await expect(failing).rejects.toThrow('<string>:1: no');
  });
});
