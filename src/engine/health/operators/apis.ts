// APIs that 3scale manages.

import type { HealthCheck } from '../check.ts';
import { always, condition, firstOf, forKinds, type Rules, word } from './forms.ts';

/** The kind's own words for what its conditions mean, where the condition has none. */
const threeScale = (kind: string, done: 'ready' | 'synced' = 'ready'): HealthCheck =>
  firstOf(
    [condition('Failed'), 'Degraded', (message) => message || `3scale ${kind} synchronization failed`],
    [condition('Invalid'), 'Degraded', (message) => message || `3scale ${kind} configuration is invalid`],
    [condition('Orphan'), 'Degraded', (message) => message || `3scale ${kind} references non existing resources`],
    [condition('Waiting'), 'Suspended', (message) => message || `3scale ${kind} is waiting for admin approval`],
    [
      word('status.developerUserState', 'suspended'),
      'Suspended',
      '3scale Developer user is waiting for admin approval',
    ],
    [condition('In-progress'), 'Progressing', (message) => message || `Waiting for 3scale ${kind} status...`],
    [condition('Ready'), 'Healthy', `3scale ${kind} is ${done}`],
    [condition('Synced'), 'Healthy', `3scale ${kind} is ${done}`],
    [condition('Ready', 'False'), 'Degraded', (message) => message || `3scale ${kind} is not ready`],
    [always, 'Progressing', `Waiting for 3scale ${kind} status...`],
  );

const apiManager = firstOf(
  [condition('Available'), 'Healthy', '3scale APIManager is available'],
  [condition('Failed'), 'Degraded'],
  [always, 'Progressing', 'Waiting for 3scale APIManager status...'],
);

export const APIS: Rules = {
  'apps.3scale.net/APIManager': apiManager,
  ...forKinds(
    'capabilities.3scale.net',
    [
      'ActiveDoc',
      'Application',
      'ApplicationAuth',
      'CustomPolicyDefinition',
      'DeveloperAccount',
      'DeveloperUser',
      'OpenAPI',
      'ProxyConfigPromote',
      'Tenant',
    ],
    (kind) => threeScale(kind),
  ),
  ...forKinds('capabilities.3scale.net', ['Backend', 'Product'], (kind) => threeScale(kind, 'synced')),
};
