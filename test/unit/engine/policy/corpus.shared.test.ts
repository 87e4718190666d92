// The reference's own cases of its policy language.

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../../../src/core/json.ts';
import { loadRegExps } from '../../../../src/core/regexp.ts';
import { createAccess, type ProjectPolicy } from '../../../../src/engine/policy/access.ts';
import { subjectOf } from '../../../../src/engine/policy/claims.ts';
import { parsePolicy } from '../../../../src/engine/policy/parse.ts';
import { BUILTIN, type PolicyLines } from '../../../../src/engine/policy/policy.ts';
import { policyCsv } from '../../../../src/engine/policy/settings.ts';
import { wordProblem } from '../../../../src/engine/policy/words.ts';

beforeAll(() => loadRegExps());

const corpus: unknown = JSON.parse(
  readFileSync(new URL('../../../../../shared/corpora/rbac.json', import.meta.url), 'utf8'),
);

const casesOf = (name: string): readonly JsonObject[] => listAt(corpus, name).filter(isObject);

const linesOf = (policy: string): PolicyLines => (policy === '@builtin' ? BUILTIN : parsePolicy(policy));

const textsAt = (value: unknown, ...path: readonly string[]): readonly string[] =>
  listAt(value, ...path).filter((each) => typeof each === 'string');

/** A policy given at run time stands where a project's lines do. */
function decide(entry: JsonObject): boolean {
  if (entry['enforcementEnabled'] === false) return true;
  const runtime = linesOf(textAt(entry, 'runtimePolicy'));
  const runtimeFaults = 'faults' in runtime && Array.isArray(runtime.faults) ? runtime.faults.length : 0;
  const user = linesOf(textAt(entry, 'policy'));
  const more = runtimeFaults > 0 ? { rules: [], groupings: [] } : runtime;
  const project = projectIn(entry);
  const access = createAccess({
    settings: {
      lines: {
        rules: [...user.rules, ...more.rules],
        groupings: [...user.groupings, ...more.groupings],
      },
      matchMode: textAt(entry, 'matchMode') === 'regex' ? 'regex' : 'glob',
      defaultRole: textAt(entry, 'defaultRole'),
    },
    builtin: linesOf(textAt(entry, 'builtinPolicy')),
    project: (name) => (project?.name === name ? project : undefined),
  });
  const scopes = 'scopes' in entry ? textsAt(entry, 'scopes') : ['groups'];
  const claims = isObject(entry['claims']) ? entry['claims'] : { sub: textAt(entry, 'subject') };
  const { resource, action, object } = {
    resource: textAt(entry, 'resource'),
    action: textAt(entry, 'action'),
    object: textAt(entry, 'object'),
  };
  return access.may(subjectOf(claims, scopes), { resource, action, object });
}

function projectIn(entry: JsonObject): ProjectPolicy | undefined {
  if (!isObject(entry['project'])) return undefined;
  const roles = listAt(entry, 'project', 'roles').map((role) => ({
    name: textAt(role, 'name'),
    policies: textsAt(role, 'policies'),
    groups: textsAt(role, 'groups'),
  }));
  return { name: textAt(entry, 'project', 'name'), roles };
}

describe('a decision', () => {
  const cases = casesOf('cases');

  test('has cases', () => {
    expect(cases.length).toBeGreaterThan(100);
  });

  test.each(
    cases.map((entry, index) => {
      const right = [entry['subject'], entry['resource'], entry['action'], entry['object']].join(', ');
      return { title: `${index} ${textAt(entry, 'name')}: ${right}`, entry };
    }),
  )('$title', ({ entry }) => {
    expect(decide(entry)).toBe(entry['expected']);
  });
});

test('a built-in policy is that of the reference', () => {
  const { rules, groupings } = parsePolicy(textAt(corpus, 'builtinPolicy'));
  const sorted = (lines: readonly object[]): readonly string[] => lines.map((line) => JSON.stringify(line)).sort();
  expect(sorted(BUILTIN.rules)).toEqual(sorted(rules));
  expect(sorted(BUILTIN.groupings)).toEqual(sorted(groupings));
});

test.each(casesOf('policyLineCases'))('a line: $line', ({ line, valid }) => {
  expect(parsePolicy(String(line)).faults.length === 0).toBe(valid);
});

test.each(casesOf('validatePolicyCases'))('a policy: $policy', ({ policy, valid }) => {
  expect(parsePolicy(String(policy)).faults.length === 0).toBe(valid);
});

test.each(casesOf('policyCsvMergeCases'))('the keys of $data', (entry) => {
  const data = Object.entries(objectAt(entry, 'data')).map(([key, value]) => [key, String(value)] as const);
  expect(policyCsv(Object.fromEntries(data))).toBe(entry['expected']);
});

test.each(casesOf('resourceActionCases'))('$action of $resource', ({ resource, action, valid }) => {
  expect(wordProblem(String(resource), String(action)) === undefined).toBe(valid);
});
