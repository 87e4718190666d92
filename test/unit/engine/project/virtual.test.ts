import { describe, expect, test } from 'vitest';
import { brokenApplications } from '../../../../src/engine/project/broken.ts';
import { withTokensInBoth } from '../../../../src/engine/project/role-tokens.ts';
import { globalProjectNames, withGlobalProjects } from '../../../../src/engine/project/virtual.ts';
import type { Project } from '../../../../src/model/project.ts';

const named = (name: string, labels?: Record<string, string>): Project => ({
  metadata: { name, ...(labels ? { labels } : {}) },
  spec: {},
});

const SETTING = `
- labelSelector: {matchLabels: {team: web}}
  projectName: web-rules
- labelSelector: {matchExpressions: [{key: tier, operator: In, values: [prod]}]}
  projectName: prod-rules
- projectName: all-rules
`;

describe('global projects', () => {
  test.each<[Project, string[]]>([
    [named('a'), ['all-rules']],
    [named('a', { team: 'web' }), ['web-rules', 'all-rules']],
    [named('a', { tier: 'prod' }), ['prod-rules', 'all-rules']],
    [named('all-rules'), []],
  ])('%j has the rules of %j', (project, expected) => {
    expect(globalProjectNames(SETTING, project)).toEqual(expected);
  });

  test('a setting of nothing names none, one that is no list is refused', () => {
    expect(globalProjectNames('', named('a'))).toEqual([]);
    expect(() => globalProjectNames('a: b', named('a'))).toThrow('globalProjects must be a list');
  });

  test('lists are joined, what is a project’s own stays', () => {
    const own: Project = { ...named('a'), spec: { sourceRepos: ['x'], roles: [{ name: 'r' }], description: 'mine' } };
    const all: Project = {
      ...named('b'),
      spec: {
        sourceRepos: ['y'],
        roles: [{ name: 's' }],
        namespaceResourceBlacklist: [{ group: '', kind: 'Secret' }],
        sourceNamespaces: ['n'],
      },
    };
    expect(withGlobalProjects(own, [all])).toEqual({
      ...own,
      spec: { ...own.spec, sourceRepos: ['x', 'y'], namespaceResourceBlacklist: [{ group: '', kind: 'Secret' }] },
    });
    expect(withGlobalProjects(own, [])).toBe(own);
  });
});

test('tokens stand in specification and status alike, the latest first, those of roles that are gone nowhere', () => {
  const project: Project = {
    ...named('a'),
    spec: { roles: [{ name: 'ci', jwtTokens: [{ iat: 1 }] }, { name: 'none' }] },
    status: { jwtTokensByRole: { ci: { items: [{ iat: 2, id: 'two' }] }, gone: { items: [{ iat: 3, id: 'x' }] } } },
  };
  const tokens = [
    { iat: 2, id: 'two' },
    { iat: 1, id: '1' },
  ];
  expect(withTokensInBoth(project)).toEqual({
    ...named('a'),
    spec: { roles: [{ name: 'ci', jwtTokens: tokens }, { name: 'none' }] },
    status: { jwtTokensByRole: { ci: { items: tokens }, none: {} } },
  });
});

describe('a change that breaks applications', () => {
  const open: Project = {
    ...named('a'),
    spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] },
  };
  const app = (repoURL: string, namespace: string) => ({
    project: 'a',
    source: { repoURL },
    destination: { server: 's', namespace },
  });
  const apps = [app('https://g/x', 'one'), app('https://g/y', 'two')];
  test.each<[Project['spec'], string | undefined]>([
    [open.spec, undefined],
    [{ ...open.spec, sourceRepos: ['https://g/x'] }, '1 applications source became invalid'],
    [{ ...open.spec, destinations: [] }, '2 applications destination became invalid'],
    [{}, '2 applications source became invalid and 2 applications destination became invalid'],
  ])('to %j: %s', (spec, expected) => {
    const message = expected && `as a result of project update ${expected}`;
    expect(brokenApplications(apps, open, { ...open, spec })).toBe(message);
    expect(brokenApplications(apps, { ...open, spec: {} }, { ...open, spec })).toBeUndefined();
  });
});
