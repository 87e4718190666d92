import { describe, expect, test } from 'vitest';
import { projectFault } from '../../../../src/engine/project/faults.ts';
import type { ProjectSpec } from '../../../../src/model/project.ts';

const faultOf = (spec: ProjectSpec): string => {
  const fault = projectFault({ metadata: { name: 'team' }, spec });
  return fault ? `${fault.grpc} ${fault.message}` : '';
};

const window = { kind: 'allow', schedule: '0 22 * * *', duration: '1h', applications: ['*'] };
const role = (more: object): ProjectSpec => ({ roles: [{ name: 'ci', ...more }] });
const policy = (text: string): ProjectSpec => role({ policies: [text] });

test('a project of nothing is right, and one of everything', () => {
  expect(faultOf({})).toBe('');
  expect(
    faultOf({
      sourceRepos: ['*', '!https://git.example.com/*'],
      destinations: [
        { server: '*', namespace: '*' },
        { name: 'in-cluster', namespace: '!kube-*' },
      ],
      syncWindows: [window, { ...window, kind: 'deny' }],
      roles: [
        { name: 'ci', policies: ['p, proj:team:ci, applications, sync, team/*, allow'], groups: ['"a,b"', 'c d'] },
      ],
    }),
  ).toBe('');
});

describe('lists', () => {
  test.each<[ProjectSpec, string]>([
    [{ destinations: [{ server: '!*', namespace: 'a' }] }, "3 server has an invalid format, '!*'"],
    [{ destinations: [{ name: '!*', namespace: 'a' }] }, "3 name has an invalid format, '!*'"],
    [{ destinations: [{ server: 's', namespace: '!*' }] }, "3 namespace has an invalid format, '!*'"],
    [
      {
        destinations: [
          { server: 's', namespace: 'a' },
          { server: 's', namespace: 'a' },
        ],
      },
      "3 destination 's/a' already added",
    ],
    [
      {
        destinations: [
          { name: 'n', namespace: 'a' },
          { name: 'n', namespace: 'a' },
        ],
      },
      "3 destination 'n/a' already added",
    ],
    [{ sourceRepos: ['!*'] }, "3 source repository has an invalid format, '!*'"],
    [{ sourceRepos: ['a', 'a'] }, "3 source repository 'a' already added"],
    [{ sourceNamespaces: ['a', 'a'] }, "3 source namespace 'a' already added"],
    [
      { destinationServiceAccounts: [{ server: '!a', defaultServiceAccount: 's' }] },
      "3 server has an invalid format, '!a'",
    ],
    [
      { destinationServiceAccounts: [{ server: 'a', defaultServiceAccount: ' ' }] },
      "3 defaultServiceAccount has an invalid format, ' '",
    ],
    [
      { destinationServiceAccounts: [{ server: 'a', defaultServiceAccount: 'a*' }] },
      "3 defaultServiceAccount has an invalid format, 'a*'",
    ],
    [
      {
        destinationServiceAccounts: [
          { server: 'a', namespace: 'n', defaultServiceAccount: 's' },
          { server: 'a', namespace: 'n', defaultServiceAccount: 't' },
        ],
      },
      "3 destinationServiceAccount 'a/n' already added",
    ],
  ])('%j: %s', (spec, expected) => {
    expect(faultOf(spec)).toBe(expected);
  });
});

describe('sync windows', () => {
  const many = 'x'.repeat(256);
  test.each<[object, string]>([
    [{ kind: 'odd' }, "2 kind 'odd' mismatch: can only be allow or deny"],
    [{ kind: 'Allow' }, "2 kind 'Allow' mismatch: can only be allow or deny"],
    [{ schedule: 'never' }, "2 cannot parse schedule 'never': expected exactly 5 fields, found 1: [never]"],
    [{ schedule: '' }, "2 cannot parse schedule '': empty spec string"],
    [{ duration: 'soon' }, '2 cannot parse duration \'soon\': time: invalid duration "soon"'],
    [{ duration: '' }, '2 cannot parse duration \'\': time: invalid duration ""'],
    [{ description: many }, '2 description must not exceed 255 characters'],
    [{ applications: [] }, "11 window 'allow':'0 22 * * *':'1h' requires one of application, cluster or namespace"],
    [{ applications: undefined, clusters: ['a'] }, ''],
    [{ timeZone: 'Mars/Base' }, ''],
  ])('%j: %s', (more, expected) => {
    expect(faultOf({ syncWindows: [{ ...window, ...more }] })).toBe(expected);
  });

  test('one that is there already is refused, one for others is not', () => {
    const twice = "6 window 'allow':'0 22 * * *':'1h' already exists, update or edit";
    expect(faultOf({ syncWindows: [window, { ...window, manualSync: true }] })).toBe(twice);
    expect(faultOf({ syncWindows: [window, { ...window, applications: ['web'] }] })).toBe('');
  });
});

describe('roles', () => {
  test.each<[ProjectSpec, RegExp]>([
    [{ roles: [{ name: 'a' }, { name: 'a' }] }, /^6 role 'a' already exists$/],
    [{ roles: [{ name: '-a' }] }, /^3 invalid role name '-a'\. Must consist/],
    [{ roles: [{ name: '' }] }, /^3 invalid role name ''/],
    [{ roles: [{ name: 'a b' }] }, /^3 invalid role name 'a b'/],
    [role({ groups: ['g', 'g'] }), /^6 group 'g' already exists for role 'ci'$/],
    [role({ groups: [''] }), /^3 group '' is empty$/],
    [role({ groups: ['a,b'] }), /^3 group 'a,b' contains invalid characters$/],
    [role({ groups: ['a\tb'] }), /^3 group 'a\tb' contains invalid characters$/],
    [role({ groups: [' a'] }), /^3 group ' a' contains invalid characters$/],
    [policy('p, proj:team:ci, applications, sync, team/*'), /must be of the form: 'p, sub, res, act, obj, eft'$/],
    [policy('g, proj:team:ci, applications, sync, team/*, allow'), /must be of the form/],
    [
      policy('p, proj:other:ci, applications, sync, team/*, allow'),
      /subject must be: 'proj:team:ci', not 'proj:other:ci'$/,
    ],
    [policy('p, proj:team:ci, planes, sync, team/*, allow'), /project resource must be: .* not 'planes'$/],
    [policy('p, proj:team:ci, applications, fly, team/*, allow'), /invalid action 'fly'$/],
    [policy('p, proj:team:ci, applications, sync, other/*, allow'), /object must be of form .* not 'other\/\*'$/],
    [policy('p, proj:team:ci, applications, sync, team, allow'), /object must be of form/],
    [policy('p, proj:team:ci, applications, sync, team/a/b/c, allow'), /object must be of form/],
    [policy('p, proj:team:ci, applications, sync, team/*, maybe'), /effect must be: 'allow' or 'deny'$/],
  ])('%j: %s', (spec, expected) => {
    expect(faultOf(spec)).toMatch(expected);
  });

  test.each([
    'p, proj:team:ci, applications, *, team/ns/*, allow',
    'p,proj:team:ci,applicationsets,get,team/*,deny',
    'p, proj:team:ci, applications, action/apps/Deployment/restart, team/*, allow',
    'p, proj:team:ci, repositories, create, team/https://git.example.com/*, allow',
  ])('%s is right', (text) => {
    expect(faultOf(policy(text))).toBe('');
  });

  test('a line twice is refused', () => {
    const line = 'p, proj:team:ci, applications, get, team/*, allow';
    expect(faultOf(role({ policies: [line, line] }))).toBe(`6 policy '${line}' already exists for role 'ci'`);
  });
});
