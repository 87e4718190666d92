import { expect, test } from 'vitest';
import type { Cause } from '../../../src/model/cause.ts';
import { causeLines } from '../../../src/render/causes.ts';

const web: Cause = { resource: 'Deployment shop/web', message: 'exceeded its progress deadline', pod: 'web-1' };
const lines = (count: number): string[] => Array.from({ length: count }, (_, index) => `line ${index + 1}`);

test.each<[string, Cause, string[]]>([
  [
    'an image, which is not named twice',
    {
      ...web,
      reason: 'ImagePullBackOff',
      image: 'example.com/web:1',
      detail: 'Back-off pulling image "example.com/web:1"',
    },
    ['pod web-1: ImagePullBackOff example.com/web:1'],
  ],
  [
    'a crash',
    { ...web, container: 'app', reason: 'CrashLoopBackOff', exitCode: 1, restarts: 3, logs: ['a', 'no such table'] },
    [
      'pod web-1: CrashLoopBackOff, container app ended with exit code 1, 3 restarts',
      'last lines of the log:',
      '  | a',
      '  | no such table',
    ],
  ],
  [
    'an event that only says what stands there',
    {
      ...web,
      reason: 'CrashLoopBackOff',
      events: ['BackOff: Back-off restarting failed container (3 times)', 'Other: x'],
    },
    ['pod web-1: CrashLoopBackOff', 'Other: x'],
  ],
  [
    'a quota, said once',
    {
      resource: 'Deployment shop/web',
      message: 'exceeded its progress deadline',
      child: 'ReplicaSet shop/web-7d9',
      detail: 'pods "web-7d9-x" is forbidden: exceeded quota: small, requested: pods=1',
      quota: 'exceeded quota: small, requested: pods=1',
      events: ['FailedCreate: pods "web-7d9-y" is forbidden: exceeded quota: small, requested: pods=1 (9 times)'],
    },
    ['ReplicaSet shop/web-7d9', 'exceeded quota: small, requested: pods=1'],
  ],
])('%s', (_, cause, expected) => {
  expect(causeLines([], [cause])).toEqual([
    'Deployment shop/web: exceeded its progress deadline',
    ...expected.map((line) => `  ${line}`),
  ]);
});

test('a hook is named as one', () => {
  expect(causeLines([], [{ resource: 'Job shop/migrate', message: '', hook: 'PreSync' }])).toEqual([
    'Job shop/migrate (PreSync hook)',
  ]);
});

test('all that is known takes twelve lines, and the end of the log is what stays of it', () => {
  const cause = {
    ...web,
    reason: 'Error',
    exitCode: 1,
    container: 'app',
    probe: 'p',
    logs: lines(30),
    events: ['A: a', 'B: b', 'C: c'],
  };
  const one = causeLines([], [cause]);
  expect(one).toHaveLength(12);
  expect(one.slice(-4)).toEqual(
    ['      | line 29', '      | line 30', '    A: a', '    B: b'].map((line) => line.slice(2)),
  );
  const three = causeLines([], [cause, { ...cause, resource: 'b' }, { ...cause, resource: 'c' }]);
  expect(three).toHaveLength(12);
  expect(three[3]).toBe('  last line of the log: line 30');
});

test('a long list of what only waits is counted, behind what has a cause', () => {
  const findings = lines(40).map((resource) => ({ resource, message: 'OutOfSync' }));
  const all = causeLines(findings, [web]);
  expect(all).toHaveLength(12);
  expect(all[0]).toBe('Deployment shop/web: exceeded its progress deadline');
  expect(all.at(-1)).toBe('and 30 more');
});
