import { expect, test } from 'vitest';
import { permitsNamespace, specProblems } from '../../../src/engine/project.ts';

const spec = {
  project: 'team',
  source: { repoURL: 'https://git.example.com/a.git', path: 'a' },
  destination: { server: 'https://far.example.com', namespace: 'shop' },
};
const project = {
  metadata: { name: 'team' },
  spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }], permitOnlyProjectScopedClusters: true },
};

test('a project that takes its own clusters alone takes no other', () => {
  expect(specProblems(spec, project, 'team')).toEqual([]);
  const problem = expect.stringContaining('do not match any of the allowed destinations');
  expect(specProblems(spec, project, 'other')).toEqual([problem]);
  expect(specProblems(spec, project)).toEqual([problem]);
  const open = { ...project, spec: { ...project.spec, permitOnlyProjectScopedClusters: false } };
  expect(specProblems(spec, open)).toEqual([]);
});

test.each([
  ['/^team-.*$/', 'team-a', true],
  ['/^((?!kube).)*$/', 'team', true],
  ['/^((?!kube).)*$/', 'kube-system', false],
  ['/^(a|b)-c$/', 'b-c', true],
  ['/^(a+)+$/', `${'a'.repeat(60)}-`, false],
  ['/(a|a)*b/', 'a'.repeat(63), false],
  ['/[/', 'a', false],
  ['team-*', 'team-a', true],
])('source namespaces %j hold %j: %j, at once', (pattern, namespace, expected) => {
  const begun = performance.now();
  expect(permitsNamespace({ ...project, spec: { sourceNamespaces: [pattern] } }, namespace)).toBe(expected);
  expect(performance.now() - begun).toBeLessThan(500);
});
