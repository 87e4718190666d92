import { describe, expect, test } from 'vitest';
import { type AssessedResource, applicationHealth, worst } from '../../../../src/engine/health/aggregate.ts';
import type { HealthStatus } from '../../../../src/model/application.ts';
import { type KubeObject, keyOf } from '../../../../src/objects/object.ts';

interface Sketch {
  readonly health?: HealthStatus;
  readonly kind?: string;
  readonly live?: boolean;
  readonly annotations?: Readonly<Record<string, string>>;
}

function resource({ health, kind = 'v1/Service', live = true, annotations = {} }: Sketch): AssessedResource {
  const cut = kind.lastIndexOf('/');
  const target: KubeObject = {
    apiVersion: kind.slice(0, cut),
    kind: kind.slice(cut + 1),
    metadata: { name: 'web', annotations },
  };
  return {
    key: keyOf(target),
    target,
    live: live ? target : undefined,
    health: health ? { status: health } : undefined,
  };
}

describe('health of an application', () => {
  test('ranks the statuses', () => {
    expect(worst([])).toBe('Healthy');
    expect(worst(['Progressing', 'Suspended'])).toBe('Progressing');
    expect(worst(['Degraded', 'Missing', 'Healthy'])).toBe('Degraded');
  });

  test.each<[string, Sketch[], HealthStatus]>([
    ['is Healthy without resources', [], 'Healthy'],
    ['is Healthy when no kind has a rule', [{}], 'Healthy'],
    ['is the worst', [{ health: 'Healthy' }, { health: 'Degraded' }], 'Degraded'],
    ['is Missing when nothing is live', [{ live: false }, { live: false }], 'Missing'],
    ['does not count one missing resource', [{ live: false }, { health: 'Healthy' }], 'Healthy'],
    [
      'does not count what asks not to be',
      [{ health: 'Degraded', annotations: { 'argocd.argoproj.io/ignore-healthcheck': 'true' } }],
      'Healthy',
    ],
    [
      'does not count hooks',
      [{ health: 'Degraded', annotations: { 'argocd.argoproj.io/hook': 'PreSync' } }],
      'Healthy',
    ],
    [
      'does not count hooks that are not live',
      [{ live: false, annotations: { 'argocd.argoproj.io/hook': 'PreSync' } }],
      'Healthy',
    ],
    ['does not count an Unknown child', [{ health: 'Unknown', kind: 'argoproj.io/v1alpha1/Application' }], 'Healthy'],
    ['counts a Degraded child', [{ health: 'Degraded', kind: 'argoproj.io/v1alpha1/Application' }], 'Degraded'],
  ])('%s', (_name, sketches, expected) => {
    expect(applicationHealth(sketches.map(resource))).toBe(expected);
  });

  test('never counts the application itself', () => {
    const self = resource({ health: 'Degraded', kind: 'argoproj.io/v1alpha1/Application' });
    expect(applicationHealth([self], self.key)).toBe('Healthy');
  });
});
