import { expect, test } from 'vitest';
import { podState } from '../../../../src/cli/causes/pod-state.ts';

const container = { name: 'web', image: 'registry.example.com/web:1.0' };
const pod = (status: object, spec: object = {}): unknown => ({
  spec: { containers: [{ ...container, ...spec }] },
  status: { containerStatuses: [{ name: 'web', ready: false, restartCount: 0, ...status }] },
});
const known = { container: 'web', image: container.image };
const httpGet = { path: '/healthz', port: 8080 };

test.each<[string, unknown, object, boolean]>([
  [
    'an image that cannot be had',
    pod({ state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } } }),
    { ...known, reason: 'ImagePullBackOff', detail: 'Back-off pulling image' },
    false,
  ],
  [
    'a crash, with how it ended last',
    pod({
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
      restartCount: 4,
    }),
    { ...known, reason: 'CrashLoopBackOff', exitCode: 137, restarts: 4 },
    true,
  ],
  [
    'an end that is a failure',
    pod({ state: { terminated: { exitCode: 2, reason: 'Error', message: 'no config' } } }),
    { ...known, reason: 'Error', detail: 'no config', exitCode: 2 },
    true,
  ],
  [
    'a readiness probe',
    pod({ state: { running: {} } }, { readinessProbe: { httpGet } }),
    { ...known, probe: 'readiness probe has not succeeded: GET :8080/healthz' },
    true,
  ],
  [
    'a startup probe before a readiness probe',
    pod(
      { state: { running: {} }, started: false },
      { startupProbe: { tcpSocket: { port: 'http' } }, readinessProbe: { httpGet } },
    ),
    { ...known, probe: 'startup probe has not succeeded: TCP :http' },
    true,
  ],
  [
    'a probe that runs a command',
    pod({ state: { running: {} } }, { readinessProbe: { exec: { command: ['cat', '/ready'] } } }),
    { ...known, probe: 'readiness probe has not succeeded: cat /ready' },
    true,
  ],
  [
    'no node',
    {
      status: {
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes' }],
      },
    },
    { reason: 'Unschedulable', detail: '0/1 nodes' },
    false,
  ],
  [
    'an eviction',
    { status: { reason: 'Evicted', message: 'low on memory' } },
    { reason: 'Evicted', detail: 'low on memory' },
    false,
  ],
  ['nothing at all', null, {}, false],
])('%s', (_, manifest, cause, hasRun) => {
  expect(podState(manifest)).toEqual({ cause, hasRun });
});

test('the container that is worst off is told, an init container before those that wait for it', () => {
  const manifest = {
    spec: { initContainers: [{ name: 'migrate', image: 'migrate:1' }], containers: [container] },
    status: {
      initContainerStatuses: [
        {
          name: 'migrate',
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: { terminated: { exitCode: 1 } },
        },
      ],
      containerStatuses: [{ name: 'web', state: { waiting: { reason: 'PodInitializing' } } }],
    },
  };
  expect(podState(manifest).cause).toEqual({
    container: 'migrate',
    image: 'migrate:1',
    reason: 'CrashLoopBackOff',
    exitCode: 1,
  });
});
