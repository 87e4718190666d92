// Decisions: roles of roles, denials, what everybody may do, projects; and many policies by chance, held against the rule.

import { beforeAll, describe, expect, test } from 'vitest';
import { loadRegExps } from '../../../../src/core/regexp.ts';
import {
  type AccessOptions,
  createAccess,
  type ProjectPolicy,
  projectFaults,
  projectRoleOf,
} from '../../../../src/engine/policy/access.ts';
import { subjectOf } from '../../../../src/engine/policy/claims.ts';
import { parsePolicy } from '../../../../src/engine/policy/parse.ts';
import type { PolicySettings } from '../../../../src/engine/policy/settings.ts';

beforeAll(() => loadRegExps());

interface World {
  readonly policy: string;
  readonly defaultRole?: string;
  readonly matchMode?: PolicySettings['matchMode'];
  readonly projects?: readonly ProjectPolicy[];
  readonly builtin?: AccessOptions['builtin'];
}

/** 'who resource action object' */
function may({ policy, defaultRole = '', matchMode = 'glob', projects = [], builtin }: World, asked: string): boolean {
  const [who = '', resource = '', action = '', object = ''] = asked.split(' ');
  const [name = '', ...groups] = who.split('+');
  return createAccess({
    settings: { lines: parsePolicy(policy), matchMode, defaultRole },
    builtin,
    project: (wanted) => projects.find((each) => each.name === wanted),
  }).may({ name, groups }, { resource, action, object });
}

const SHOP: ProjectPolicy = {
  name: 'shop',
  roles: [{ name: 'ci', policies: ['p, proj:shop:ci, applications, sync, shop/*, allow'], groups: ['builders'] }],
};

describe('a policy', () => {
  const POLICY = `
    p, role:team, applications, *, shop/*, allow
    p, role:team, applications, delete, shop/web, deny
    p, ann, clusters, get, *, allow
    p, odd, applications, get, *, maybe
    p, "team,a", projects, get, *, allow
    g, ann, role:team
    g, crew, role:team
    g, role:a, role:b
    g, role:b, role:a
    g, ring, role:a
    p, role:b, projects, get, *, allow`;

  test.each([
    ['ann applications get shop/web', true],
    ['ann applications update/apps/Deployment/x/y shop/web', true],
    ['ann applications delete shop/web', false],
    ['ann applications delete shop/api', true],
    ['ann applications get bank/web', false],
    ['bob applications get shop/web', false],
    ['bob+crew applications get shop/web', true],
    ['bob+crew applications delete shop/web', false],
    ['bob+role:admin applications get shop/web', true],
    ['bob+ann clusters get x', true],
    ['crew applications get shop/web', true],
    ['odd applications get shop/web', false],
    ['ring projects get x', true],
    ['admin exec create a/b', true],
    ['role:readonly exec create a/b', false],
    [' applications get shop/web', false],
  ])('%s: %s', (asked, expected) => {
    expect(may({ policy: POLICY }, asked)).toBe(expected);
  });

  test('roles of roles end after ten steps', () => {
    const chain = (length: number): string =>
      Array.from({ length }, (_, index) => `g, r${index}, r${index + 1}`).join('\n');
    expect(may({ policy: `${chain(10)}\np, r10, logs, get, *, allow` }, 'r0 logs get a/b')).toBe(true);
    expect(may({ policy: `${chain(11)}\np, r11, logs, get, *, allow` }, 'r0 logs get a/b')).toBe(false);
  });

  test('what everybody may do is open to nobody, too, and a denial of a user does not reach it', () => {
    const world = { policy: 'p, ann, applications, get, */*, deny', defaultRole: 'role:readonly' };
    expect(may(world, ' applications get a/b')).toBe(true);
    expect(may(world, 'ann applications get a/b')).toBe(true);
    expect(may(world, 'ann applications sync a/b')).toBe(false);
  });

  test('an expression that cannot be read denies what reaches it, a glob fits nothing', () => {
    const policy = 'p, ann, logs, get, .*, allow\np, ann, logs, get, [, allow';
    expect(may({ policy, matchMode: 'regex' }, 'ann logs get a')).toBe(false);
    expect(may({ policy, matchMode: 'regex' }, 'ann clusters get a')).toBe(false);
    expect(may({ policy: policy.replace('.*', '*') }, 'ann logs get a')).toBe(true);
  });
});

describe('a project', () => {
  const world = { policy: 'p, bob, applications, sync, shop/web, deny', projects: [SHOP] };

  test.each([
    ['proj:shop:ci applications sync shop/web', true],
    ['proj:shop:ci applications get shop/web', false],
    ['proj:shop:ci projects get shop', true],
    ['proj:shop:none projects get shop', false],
    ['proj:bank:ci applications sync shop/web', false],
    ['proj:shop:ci applications sync bank/web', false],
    ['ann+builders applications sync shop/web', true],
    ['ann+builders applications sync shop/team/web', true],
    ['ann+builders projects get shop', true],
    ['ann+builders applications sync bank/web', false],
    ['bob applications sync shop/web', false],
    ['admin applications sync shop/web', true],
  ])('%s: %s', (asked, expected) => {
    expect(may(world, asked)).toBe(expected);
  });

  test('adds nothing when a line of it cannot be read', () => {
    const broken = { name: 'shop', roles: [...SHOP.roles, { name: 'x', policies: ['nonsense'] }] };
    expect(may({ policy: '', projects: [broken] }, 'proj:shop:ci applications sync shop/web')).toBe(false);
    expect(may({ policy: '', projects: [broken] }, 'admin applications sync shop/web')).toBe(true);
    expect(projectFaults(broken)).toMatchObject([{ text: 'nonsense' }]);
    expect(projectFaults(SHOP)).toEqual([]);
  });
});

test.each([
  ['proj:shop:ci', { project: 'shop', role: 'ci' }],
  ['proj:shop', undefined],
  ['proj:a:b:c', undefined],
  ['ann', undefined],
])('%s as a role of a project', (subject, expected) => {
  expect(projectRoleOf(subject)).toEqual(expected);
});

test.each([
  [{ sub: 'x', groups: ['a', 1, 'b'] }, ['groups'], { name: 'x', groups: ['a', 'b'] }],
  [{ sub: 'x', email: 'x@y' }, ['groups', 'email'], { name: 'x', groups: ['x@y'] }],
  [{ sub: 'x', federated_claims: { user_id: 'y' } }, [], { name: 'y', groups: [] }],
  [{}, ['groups'], { name: '', groups: [] }],
])('the claims %j', (claims, scopes, expected) => {
  expect(subjectOf(claims, scopes)).toEqual(expected);
});

/** The same numbers in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** The rule itself, without indexes: a line counts for a subject that is reached; one allows, none denies. */
function byRule(policy: string, [who = '', ...question]: readonly string[]): boolean {
  const { rules, groupings } = parsePolicy(policy);
  const reached = new Set([who]);
  for (let step = 0; step < 10; step += 1)
    for (const { subject, role } of groupings) if (reached.has(subject)) reached.add(role);
  const fits = (pattern: string, text: string): boolean =>
    new RegExp(`^${pattern.replace(/[.+]/g, '\\$&').replaceAll('*', '.*')}$`).test(text);
  const hits = rules.filter(
    ({ subject, resource, action, object }) =>
      reached.has(subject) &&
      [resource, action, object].every((pattern, index) => fits(pattern, question[index] ?? '')),
  );
  return hits.some(({ effect }) => effect === 'allow') && hits.every(({ effect }) => effect !== 'deny');
}

test('many policies decide as the rule does', () => {
  const pick = generator(18);
  const one = <T>(...values: readonly [T, ...T[]]): T => values[pick(values.length)] ?? values[0];
  const subject = (): string => one('ann', 'bob', 'role:a', 'role:b', 'role:c');
  let allowed = 0;
  for (let round = 0; round < 300; round += 1) {
    const lines = Array.from({ length: 1 + pick(12) }, () =>
      pick(4) === 0
        ? `g, ${subject()}, ${subject()}`
        : `p, ${subject()}, ${one('applications', '*', 'logs')}, ${one('get', '*', 'action/*', 'sync')}, ${one('*', 'a/*', 'a/b', '*/b', 'a/*b')}, ${one('allow', 'allow', 'deny')}`,
    );
    const policy = lines.join('\n');
    for (let question = 0; question < 20; question += 1) {
      const asked = [
        subject(),
        one('applications', 'logs'),
        one('get', 'sync', 'action/x/y/z'),
        one('a/b', 'a/n/b', 'c/d', 'a/'),
      ];
      const decision = may({ policy, builtin: { rules: [], groupings: [] } }, asked.join(' '));
      expect(decision, `${asked.join(', ')}\n${policy}`).toBe(byRule(policy, asked));
      allowed += Number(decision);
    }
  }
  expect(allowed).toBeGreaterThan(500);
});
