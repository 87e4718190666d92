import { describe, expect, test } from 'vitest';
import {
  applicationKey,
  instanceName,
  isApplicationKind,
  keyOfInstance,
  parseApplicationKey,
} from '../../../src/model/application-key.ts';

test('a key is read as it was written', () => {
  const name = { namespace: 'team-a', name: 'web' };
  expect(applicationKey(name)).toBe('team-a/web');
  expect(parseApplicationKey(applicationKey(name))).toEqual(name);
});

describe('the tracking annotation', () => {
  test.each([
    ['argocd', 'web'],
    ['team-a', 'team-a_web'],
  ])('names an application of the namespace %s %s', (namespace, instance) => {
    expect(instanceName({ namespace, name: 'web' }, 'argocd')).toBe(instance);
    expect(keyOfInstance(instance, 'argocd')).toBe(`${namespace}/web`);
  });
});

test('an Application is told from a kind of the same name in another group', () => {
  expect(isApplicationKind({ group: 'argoproj.io', kind: 'Application' })).toBe(true);
  expect(isApplicationKind({ group: 'app.k8s.io', kind: 'Application' })).toBe(false);
});
