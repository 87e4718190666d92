// Policies that mutate, as a real API server has followed them (dry run): configurations applied, JSON patches, conditions,
// variables, params, order and reinvocation.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../../src/core/json.ts';
import { type KubeAnswer, type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';
import { recordOf, settled } from '../fields/answers.mjs';

const parsed: unknown = JSON.parse(readFileSync(new URL('mutations.json', import.meta.url), 'utf8'));
const recorded = isObject(parsed) ? parsed : {};
const GROUP = '/apis/admissionregistration.k8s.io/v1';
const PATHS: Readonly<Record<string, string>> = {
  ConfigMap: '/api/v1/namespaces/fields/configmaps',
  Deployment: '/apis/apps/v1/namespaces/fields/deployments',
  Thing: '/apis/things.example.com/v1/namespaces/fields/things',
};
const RULE = { apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE'] };
const ABOUT = { resourceRules: [{ ...RULE, resources: ['configmaps', 'deployments', 'things'] }] };
let calls: KubeCalls;

beforeAll(async () => {
  calls = await openKubeCalls(systemClock);
  await calls.call('POST', '/api/v1/namespaces', { metadata: { name: 'fields' } });
  await calls.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', objectAt(recorded, 'definition'));
  await calls.call('POST', '/api/v1/namespaces/fields/configmaps', {
    metadata: { name: 'p1' },
    data: { x: 'from-p1' },
  });
});
afterAll(() => calls.close());

/** Puts the policies of a case in force; answers what takes them away. */
async function inForce(index: number, one: JsonObject): Promise<() => Promise<void>> {
  const made: string[] = [];
  const make = async (resource: string, name: string, spec: JsonObject): Promise<void> => {
    const path = `${GROUP}/mutatingadmission${resource}`;
    const { status, message } = await calls.call('POST', path, { metadata: { name }, spec });
    expect({ status, message }).toEqual({ status: 201, message: '' });
    made.unshift(`${path}/${name}`);
  };
  const { params, action = 'Deny', bindings = 1 } = one;
  const paramRef = { name: params, namespace: 'fields', parameterNotFoundAction: action };
  for (const [order, policy] of listAt(one, 'policies').entries()) {
    const name = `rec-${index}-${one['bindings'] === undefined ? order : 'bac'[order]}`;
    await make('policies', name, {
      ...{ matchConstraints: { ...ABOUT, objectSelector: { matchLabels: { case: `c${index}` } } } },
      ...{ failurePolicy: 'Fail', reinvocationPolicy: 'Never' },
      ...objectAt(policy),
    });
    for (let binding = 0; binding < Number(bindings); binding += 1)
      await make('policybindings', `${name}-${binding}`, {
        policyName: name,
        ...(params === undefined ? {} : { paramRef }),
      });
  }
  return async () => {
    for (const path of made) await calls.call('DELETE', path);
  };
}

/** Each with its number, which is in its names. A real server follows policies in no order: where it counts, nothing is recorded. */
const cases = listAt(recorded, 'cases')
  .map((one, index) => [index, objectAt(one)] as const)
  .filter(([, one]) => one['policies'] !== undefined);

describe('an object is mutated as a real API server mutates it', () => {
  test.each(cases)('%i', async (index, one) => {
    const { object, policies, params: _params, action: _action, bindings: _bindings, ...said } = one;
    const kind = textAt(object, 'kind');
    const path = `${PATHS[kind]}?dryRun=All&fieldManager=writer`;
    const metadata = { name: `case-${index}`, labels: { case: `c${index}` } };
    const post = (): Promise<KubeAnswer> => calls.call('POST', path, { ...objectAt(object), metadata });
    const usual = settled((await post()).body);
    const end = await inForce(index, one);
    const answer = await post();
    await end();
    expect({ policies, ...recordOf(answer, usual) }).toEqual({ policies, ...said });
  });
});
