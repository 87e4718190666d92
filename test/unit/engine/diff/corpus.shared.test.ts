// The reference's own comparisons: live and target in, "is it different" out.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { at, isList, isObject, type Json, listAt, textAt } from '../../../../src/core/json.ts';
import { type CompareRules, type Comparison, compareStates } from '../../../../src/engine/diff/compare.ts';
import { type IgnoreRules, withoutIgnored } from '../../../../src/engine/diff/ignore.ts';
import { createKindTypes } from '../../../../src/engine/diff/kind-types.ts';
import { maskSecrets } from '../../../../src/engine/diff/secrets.ts';
import { compareWithDryRun } from '../../../../src/engine/diff/server-side.ts';
import { KIND_ORDER } from '../../../../src/engine/sync/kind-order.ts';
import { parseComparisonSettings } from '../../../../src/model/comparison-settings.ts';
import { canonicalObject } from '../../../../src/objects/canonical.ts';
import { isKubeObject, type KubeObject, keyOf } from '../../../../src/objects/object.ts';
import { loadBuiltinTypes } from '../../../../src/objects/types.ts';
import { createJq } from '../../../../src/server/compose/jq.ts';

const shared = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../../shared/corpora/${name}.json`, import.meta.url), 'utf8'));

const corpus = shared('diff');
const builtin = await loadBuiltinTypes();
const types = createKindTypes(builtin, { definitionOf: () => undefined, knownFields: [] });
const deleteByJq = createJq();
const IGNORE_STATUS: IgnoreRules = { fields: [], deleteByJq, status: 'all', aggregatedRoles: false };

const named = (field: string, algorithm?: string): (readonly [string, Json])[] =>
  listAt(corpus, field)
    .filter((one) => algorithm === undefined || textAt(one, 'algorithm') === algorithm)
    .map((one) => [textAt(one, 'name'), one]);

function objectIn(one: Json, field: string): KubeObject | undefined {
  const value = at(one, field);
  return isKubeObject(value) ? value : undefined;
}

/** The rules of a case: the fields it ignores, and what of aggregated roles. */
function rulesOf(one: Json): Omit<CompareRules, 'serverSide'> {
  const subject = objectIn(one, 'live') ?? objectIn(one, 'config');
  const { group, kind } = subject ? keyOf(subject) : { group: '', kind: '' };
  const jsonPointers = listAt(one, 'options', 'ignoreFields').map((path) => `/${(isList(path) ? path : []).join('/')}`);
  const aggregatedRoles = at(one, 'options', 'ignoreAggregatedRoles') === true;
  return { types, ignore: { ...IGNORE_STATUS, fields: [{ group, kind, jsonPointers }], aggregatedRoles } };
}

function check(one: Json, compared: Comparison): void {
  expect(compared.modified).toBe(at(one, 'expected', 'modified'));
  for (const assertion of listAt(one, 'expected', 'assertions')) {
    const side = textAt(assertion, 'in') === 'live' ? compared.normalizedLive : compared.predictedLive;
    const path = listAt(assertion, 'path').map((step) => (typeof step === 'number' ? step : String(step)));
    const value = at(side, ...path);
    const told = JSON.stringify(assertion);
    if (textAt(assertion, 'op') === 'present') expect(value, told).toBeDefined();
    else if (textAt(assertion, 'op') === 'absent') expect(value, told).toBeUndefined();
    else if (textAt(assertion, 'op') === 'length')
      expect(Object.keys(Object(value)), told).toHaveLength(Number(at(assertion, 'value')));
    else if (textAt(assertion, 'op') === 'equals') expect(value, told).toEqual(at(assertion, 'value'));
    else throw new Error(`an assertion nobody knows: ${told}`);
  }
}

describe('a comparison of last applied, target and live', () => {
  test('has cases', () => expect(named('cases', 'legacy').length).toBeGreaterThan(30));

  test.each(named('cases', 'legacy'))('%s', async (_name, one) => {
    const rules = { ...rulesOf(one), serverSide: false };
    check(one, await compareStates(objectIn(one, 'config'), objectIn(one, 'live'), rules));
  });
});

describe('a comparison by who manages which field', () => {
  test('has cases', () => expect(named('cases', 'structured-merge').length).toBeGreaterThan(6));

  test.each(named('cases', 'structured-merge'))('%s', async (_name, one) => {
    const rules = { ...rulesOf(one), serverSide: true };
    check(one, await compareStates(objectIn(one, 'config'), objectIn(one, 'live'), rules));
  });
});

// What the cluster answered to a dry run is recorded; a value of the path may be asserted on either side.
describe('a comparison with the dry run of the cluster', () => {
  test('has cases', () => expect(named('cases', 'server-side').length).toBeGreaterThan(9));

  test.each(named('cases', 'server-side'))('%s', async (_name, one) => {
    const [live, answer] = [objectIn(one, 'live'), objectIn(one, 'dryRunResponse')];
    if (!live || !answer) throw new Error('a case without its objects');
    const includesMutations = at(one, 'options', 'ignoreMutationWebhook') === false;
    check(one, await compareWithDryRun(live, answer, { ...rulesOf(one), includesMutations }));
  });
});

describe('quantities are written in one way', () => {
  test.each(
    listAt(corpus, 'quantityRemarshal', 'cases').map((one) => [JSON.stringify(at(one, 'input')), one] as const),
  )('%s', (_name, one) => {
    const pod: KubeObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'c', resources: { requests: { cpu: at(one, 'input') } } }] },
    };
    const form = canonicalObject(pod, types.reading(pod));
    expect(at(form, 'spec', 'containers', 0, 'resources', 'requests', 'cpu')).toBe(at(one, 'expected'));
  });
});

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** What the masked states show, by the name that a case gives it. */
const SHOWN: Readonly<Record<string, (target: Json | undefined, live: Json | undefined) => Json | undefined>> = {
  expectedTargetData: (target) => at(target, 'data'),
  expectedLiveData: (_target, live) => at(live, 'data'),
  expectedTargetLastAppliedData: (target) => at(appliedIn(target), 'data'),
  expectedLiveLastAppliedData: (_target, live) => at(appliedIn(live), 'data'),
  expectedTargetLastApplied: (target) => at(target, 'metadata', 'annotations', LAST_APPLIED),
  expectedLiveLastApplied: (_target, live) => at(live, 'metadata', 'annotations', LAST_APPLIED),
};

const appliedIn = (state: Json | undefined): unknown =>
  JSON.parse(textAt(state, 'metadata', 'annotations', LAST_APPLIED));

describe('values of Secrets are hidden', () => {
  test.each(listAt(corpus, 'hideSecretData', 'cases').map((one) => [textAt(one, 'name'), one] as const))(
    '%s',
    (_name, one) => {
      const [target, live] = maskSecrets([objectIn(one, 'target'), objectIn(one, 'live')]);
      const expected = Object.entries(isObject(one) ? one : {}).filter(([key]) => key.startsWith('expected'));
      expect(expected).not.toEqual([]);
      for (const [key, value] of expected) expect(SHOWN[key]?.(target, live) ?? null, key).toEqual(value);
    },
  );
});

/** The settings that say what a case of a normaliser says. */
function settingsOf(one: Json): Record<string, string> {
  const overrides = Object.entries(at(one, 'overrides') ?? {}).map(([name, value]) => [
    name === '*/*'
      ? 'resource.customizations.ignoreDifferences.all'
      : `resource.customizations.ignoreDifferences.${name.replace('/', '_')}`,
    JSON.stringify(value),
  ]);
  const known = textAt(one, 'override').replace('/', '_');
  const field = [{ field: textAt(one, 'field'), type: textAt(one, 'type') }];
  return Object.fromEntries([
    ...overrides,
    ...(known === '' ? [] : [[`resource.customizations.knownTypeFields.${known}`, JSON.stringify(field)]]),
  ]);
}

describe('what is not compared', () => {
  test('has cases', () => expect(listAt(corpus, 'normalizers').length).toBeGreaterThan(12));

  test.each(named('normalizers'))('%s', async (_name, one) => {
    const settings = parseComparisonSettings(settingsOf(one));
    const own = listAt(one, 'ignore').map((rule) => {
      const texts = (field: string): string[] => listAt(rule, field).map(String);
      return {
        group: textAt(rule, 'group'),
        kind: textAt(rule, 'kind'),
        jsonPointers: texts('jsonPointers'),
        jqPathExpressions: texts('jqPathExpressions'),
      };
    });
    const rules = { ...IGNORE_STATUS, fields: [...settings.ignoreDifferences, ...own] };
    const input = objectIn(one, 'input') ?? { apiVersion: 'apps/v1', kind: 'Deployment', metadata: {} };
    const kinds = createKindTypes(builtin, { definitionOf: () => undefined, knownFields: settings.knownFields });
    if (at(one, 'expectConfigError') === true) {
      await expect(withoutIgnored([input], input, rules)).rejects.toMatchObject({ code: 'invalid' });
      return;
    }
    if (at(one, 'expectTimeout') === true) {
      await expect(withoutIgnored([input], input, rules)).rejects.toMatchObject({ code: 'timed-out' });
      return;
    }
    const [left] = await withoutIgnored([input], input, rules);
    if (!left) throw new Error('nothing is left');
    if (at(one, 'expectUnchanged') === true) expect(left).toEqual(input);
    for (const path of listAt(one, 'expectRemoved')) expect(at(left, ...pathIn(path))).toBeUndefined();
    const form = at(one, 'kind') === 'knownTypes' ? canonicalObject(left, kinds.reading(left)) : left;
    for (const wanted of listAt(one, 'expect')) {
      const value = at(form, ...pathIn(at(wanted, 'path') ?? []));
      if (at(wanted, 'absent') === true) expect(value).toBeUndefined();
      else expect(value).toEqual(at(wanted, 'equals'));
    }
  });
});

function pathIn(path: Json): (string | number)[] {
  return (isList(path) ? path : []).map((step) => (typeof step === 'number' ? step : String(step)));
}

test('kinds are applied in the reference’s order', () => {
  expect([...KIND_ORDER]).toEqual(listAt(shared('kinds-order'), 'kinds'));
});
