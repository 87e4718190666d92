// The functions of expressions, as a real API server evaluates them: the value as text, or what goes wrong.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { isList, isObject, textAt } from '../../../src/core/json.ts';
import { type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';

const parsed: unknown = JSON.parse(readFileSync(new URL('expressions.json', import.meta.url), 'utf8'));
const recorded = isList(parsed) ? parsed.filter(isObject) : [];
const GROUP = '/apis/admissionregistration.k8s.io/v1';
const RULE = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] };
let calls: KubeCalls;

beforeAll(async () => {
  calls = await openKubeCalls(systemClock);
  await calls.call('POST', '/api/v1/namespaces', { metadata: { name: 'fields' } });
  await calls.call('POST', `${GROUP}/validatingadmissionpolicybindings`, {
    metadata: { name: 'p' },
    spec: { policyName: 'p', validationActions: ['Deny'] },
  });
});
afterAll(() => calls.close());

const ofValue = (message: string): string =>
  message.replace(/^.*?denied request: /s, '').replace(/expression '.*' resulted in error: /s, 'ERR ');

const ofFault = (message: string): string => message.split('compilation failed: ')[1] ?? message;

describe('as a real API server evaluates it', () => {
  test.each(recorded.map((entry) => [textAt(entry, 'expression'), entry] as const))('%s', async (expression, entry) => {
    const validation = { expression: `dyn(${expression}) == dyn(null)`, messageExpression: `"=" + ${expression}` };
    const path = `${GROUP}/validatingadmissionpolicies`;
    const spec = { matchConstraints: { resourceRules: [RULE] }, validations: [validation] };
    const made = await calls.call('POST', path, { metadata: { name: 'p' }, spec });
    if (made.status !== 201) {
      const [first = ''] = textAt(entry, 'refused').split(' // ');
      expect(ofFault(made.message)).toContain(first.split('\n')[0]);
      return;
    }
    const object = { metadata: { name: 'c' }, data: { x: '1' } };
    const { message } = await calls.call('POST', '/api/v1/namespaces/fields/configmaps?dryRun=All', object);
    await calls.call('DELETE', `${path}/p`);
    expect(ofValue(message || 'allowed')).toBe(textAt(entry, 'said'));
  });
});
