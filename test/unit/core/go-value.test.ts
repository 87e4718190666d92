import { describe, expect, test } from 'vitest';
import { differentFields, goValue } from '../../../src/core/go-value.ts';
import { type Json, toJson } from '../../../src/core/json.ts';
import { projectSpec } from '../../../src/model/project.ts';

describe('a value as Go has it', () => {
  test.each<[string, unknown, unknown]>([
    [
      'fields in the order of the struct',
      { description: 'd', sourceRepos: ['*'] },
      { sourceRepos: ['*'], description: 'd' },
    ],
    ['nothing that is empty', { sourceRepos: [], description: '', permitOnlyProjectScopedClusters: false }, {}],
    ['no field that the struct does not have', { colour: 'blue' }, {}],
    [
      'what is required, empty or not',
      { clusterResourceWhitelist: [{ kind: '', group: '' }] },
      { clusterResourceWhitelist: [{ group: '', kind: '' }] },
    ],
    ['a pointer to false', { orphanedResources: { warn: false } }, { orphanedResources: { warn: false } }],
    ['a pointer to a struct of nothing', { orphanedResources: {} }, { orphanedResources: {} }],
  ])('keeps %s', (_, value, expected) => {
    const result = goValue(projectSpec, toJson(value), (field) => field === 'warn');
    expect(JSON.stringify(result)).toBe(JSON.stringify(expected));
  });
});

describe('the fields in which two values differ', () => {
  const all = { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] };
  test.each<[Json, Json, string]>([
    [all, { ...all, description: 'x' }, 'Description'],
    [all, {}, 'SourceRepos,0,Destinations,0,Server,Destinations,0,Namespace'],
    [all, { ...all, sourceRepos: ['*', 'a'] }, 'SourceRepos,1'],
    [{ sourceRepos: ['a', 'b'] }, { sourceRepos: ['b', 'a'] }, ''],
    [{ sourceRepos: ['a', 'b'] }, { sourceRepos: ['a', 'c'] }, 'SourceRepos,1'],
    [{ clusterResourceWhitelist: [{ group: '', kind: 'Node' }] }, {}, 'ClusterResourceWhitelist,0,Kind'],
    [{}, { orphanedResources: { warn: true } }, 'OrphanedResources'],
    [{ orphanedResources: { warn: false } }, { orphanedResources: { warn: true } }, 'OrphanedResources,Warn'],
    [{ roles: [{ name: 'a' }] }, { roles: [{ name: 'a', groups: ['g'] }] }, 'Roles,0,Groups,0'],
  ])('of %j and %j are %s', (before, after, expected) => {
    expect(differentFields(projectSpec, before, after).join(',')).toBe(expected);
  });
});
