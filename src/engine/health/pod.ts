import { isObject, type Json, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { conditionsOf, health, type ResourceHealth } from './check.ts';

export function podHealth(object: KubeObject): ResourceHealth {
  const always = textAt(object, 'spec', 'restartPolicy') === 'Always';
  const stuck = always ? stuckMessages(object) : undefined;
  if (stuck !== undefined) return health('Degraded', stuck);
  const message = textAt(object, 'status', 'message');
  switch (textAt(object, 'status', 'phase')) {
    case 'Pending':
      return health('Progressing', message);
    case 'Succeeded':
      return health('Healthy', message);
    case 'Failed':
      return health('Degraded', message || podFailure(object));
    case 'Running':
      return always ? runningHealth(object, message) : runsToEnd(object, message);
    default:
      return health('Unknown', message);
  }
}

/** The messages of containers that will not start by waiting longer; undefined when there is none such. */
function stuckMessages(object: KubeObject): string | undefined {
  const waits = listAt(object, 'status', 'containerStatuses')
    .map((status) => objectAt(status, 'state', 'waiting'))
    .filter((wait) => /^Err|Error$|BackOff$/.test(textAt(wait, 'reason')));
  return waits.length === 0 ? undefined : waits.map((wait) => textAt(wait, 'message')).join(', ');
}

function podFailure(object: KubeObject): string {
  const statuses = [
    ...listAt(object, 'status', 'initContainerStatuses'),
    ...listAt(object, 'status', 'containerStatuses'),
  ];
  for (const status of statuses) {
    const failure = containerFailure(status);
    if (failure !== '') return failure;
  }
  return '';
}

function containerFailure(status: Json): string {
  const ended = objectAt(status, 'state', 'terminated');
  const message = textAt(ended, 'message');
  if (message !== '') return message;
  if (ended['reason'] === 'OOMKilled') return 'OOMKilled';
  const code = numberAt(ended, 'exitCode') ?? 0;
  return code === 0 ? '' : `container "${textAt(status, 'name')}" failed with exit code ${code}`;
}

function runningHealth(object: KubeObject, message: string): ResourceHealth {
  const ready = conditionsOf(object).some((condition) => condition.type === 'Ready' && condition.status === 'True');
  if (ready) return health('Healthy', message);
  const restarted = listAt(object, 'status', 'containerStatuses').some((status) =>
    isObject(objectAt(status, 'lastState')['terminated']),
  );
  return health(restarted ? 'Degraded' : 'Progressing', message);
}

/** A pod that is meant to end is not done while it runs. */
function runsToEnd(object: KubeObject, message: string): ResourceHealth {
  const policy = textAt(object, 'spec', 'restartPolicy');
  return health(policy === 'OnFailure' || policy === 'Never' ? 'Progressing' : 'Unknown', message);
}
