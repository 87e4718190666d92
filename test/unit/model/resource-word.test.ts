import { describe, expect, test } from 'vitest';
import { isNamed, parseResourceWord } from '../../../src/model/resource-word.ts';

const DEPLOYMENT = { group: 'apps', kind: 'Deployment', name: 'web' };

describe('a resource as kubectl names it', () => {
  test.each([
    'deploy/web',
    'Deployment/web',
    'deployments/web',
    'DEPLOYMENTS/web',
    'deployments.apps/web',
    'deployment.apps/web',
    'deployments.v1.apps/web',
  ])('%s is the Deployment', (text) => {
    const word = parseResourceWord(text);
    expect(word && isNamed(word, DEPLOYMENT)).toBe(true);
  });

  test.each(['deploy/Web', 'deploy/web2', 'deployments.extensions/web', 'deployments.v1/web', 'ds/web', 'dep/web'])(
    '%s is not',
    (text) => {
      const word = parseResourceWord(text);
      expect(word && isNamed(word, DEPLOYMENT)).toBe(false);
    },
  );

  test.each([
    ['ingresses/a', 'Ingress'],
    ['ing/a', 'Ingress'],
    ['networkpolicies/a', 'NetworkPolicy'],
    ['gateways/a', 'Gateway'],
    ['endpoints/a', 'Endpoints'],
    ['storageclasses/a', 'StorageClass'],
    ['certificates.cert-manager.io/a', 'Certificate', 'cert-manager.io'],
    ['app/a', 'Application', 'argoproj.io'],
    ['crd/a', 'CustomResourceDefinition', 'apiextensions.k8s.io'],
  ])('%s is a %s', (text, kind, group = '') => {
    const word = parseResourceWord(text);
    expect(word && isNamed(word, { group, kind, name: 'a' })).toBe(true);
  });

  test.each(['web', 'deploy/', '/web', 'deploy/a/b', 'deploy /web', '', '.apps/web'])("'%s' names nothing", (text) => {
    expect(parseResourceWord(text)).toBeUndefined();
  });
});
