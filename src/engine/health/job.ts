// What runs to an end: Job, CronJob and Workflow.

import { isObject, listAt, textAt } from '../../core/json.ts';
import type { HealthStatus } from '../../model/application.ts';
import type { KubeObject } from '../../objects/object.ts';
import { conditionsOf, health, isTrue, type ResourceHealth } from './check.ts';

/** Conditions count by being there; only Suspended is asked whether it is true. */
export function jobHealth(object: KubeObject): ResourceHealth {
  let failure = '';
  let failed = false;
  let message = '';
  let finished = false;
  let suspended = false;
  for (const condition of conditionsOf(object)) {
    if (condition.type === 'Failed') {
      failed = true;
      finished = true;
      failure = condition.message;
    } else if (condition.type === 'Complete') {
      finished = true;
      message = condition.message;
    } else if (condition.type === 'Suspended') {
      finished = true;
      message = condition.message;
      if (condition.status === 'True') suspended = true;
    }
  }
  if (!finished) return health('Progressing', message);
  if (failed) return health('Degraded', failure);
  return suspended ? health('Suspended', failure) : health('Healthy', message);
}

export function cronJobHealth(object: KubeObject): ResourceHealth {
  if (isTrue(object, 'spec', 'suspend')) return health('Healthy', 'CronJob is Suspended');
  if (!isObject(object['status'])) return health('Progressing', 'Waiting for CronJob');
  const scheduled = textAt(object, 'status', 'lastScheduleTime');
  const successful = textAt(object, 'status', 'lastSuccessfulTime');
  if (scheduled === '') return health('Healthy', 'CronJob has not been scheduled yet');
  if (successful === '') {
    return health('Healthy', 'The CronJob never completed successfully. It may not be healthy');
  }
  if (listAt(object, 'status', 'active').length > 0) {
    return health('Healthy', 'The job is running. Its last execution may not have been successful');
  }
  if (successful < scheduled) {
    return health('Degraded', 'CronJob has not completed its last execution successfully');
  }
  return health('Healthy', 'CronJob has completed its last execution successfully');
}

const WORKFLOW_PHASES: Readonly<Record<string, HealthStatus>> = {
  '': 'Progressing',
  Pending: 'Progressing',
  Running: 'Progressing',
  Succeeded: 'Healthy',
  Failed: 'Degraded',
  Error: 'Degraded',
};

export function workflowHealth(object: KubeObject): ResourceHealth {
  return health(WORKFLOW_PHASES[textAt(object, 'status', 'phase')] ?? 'Unknown', textAt(object, 'status', 'message'));
}
