// The actions that are built in: what may be done to a live object, and what that changes.

import { HawserError } from '../../core/errors.ts';
import { type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import type { KubeObject } from '../../objects/object.ts';
import { type Action, type ActionEffect, type ActionSetting, toggle } from './action-forms.ts';
import { OPERATOR_ACTIONS } from './operator-actions.ts';

declare module '../../core/errors.ts' {
  interface Reasons {
    'unknown-action': unknown;
  }
}

export interface AvailableAction {
  readonly name: string;
  readonly disabled?: true;
  readonly iconClass?: string;
  readonly displayName?: string;
  readonly params?: readonly { readonly name: string }[];
}

const restart: Action = {
  icon: 'redo',
  effect: (_object, { now }) => ({
    patch: {
      spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': timestamp(now) } } } },
    },
  }),
};

const scale: Action = {
  icon: 'plus-circle',
  parameters: ['replicas'],
  effect: (_object, { parameters: { replicas = '' } }) => {
    if (!/^\d+$/.test(replicas)) throw new HawserError('invalid', `invalid number: ${replicas}`);
    return { patch: { spec: { replicas: Number(replicas) } } };
  },
};

const isFinished = (job: KubeObject): boolean =>
  listAt(job, 'status', 'conditions').some(
    (condition) => ['Complete', 'Failed'].includes(textAt(condition, 'type')) && textAt(condition, 'status') === 'True',
  );

const createJob: Action = {
  icon: 'plus-circle',
  effect: (cronJob, { now }) => ({ create: jobOf(cronJob, now) }),
};

/** As the CronJob would make it, marked as made by hand; two in one minute have the same name. */
function jobOf(cronJob: KubeObject, now: number): KubeObject {
  const { name = '', namespace, uid } = cronJob.metadata;
  const template = objectAt(cronJob, 'spec', 'jobTemplate');
  const minute = timestamp(now).replace(/\D/g, '').slice(0, 12);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${name}-${minute}`,
      ...(namespace ? { namespace } : {}),
      labels: textsIn(template, 'labels'),
      annotations: { ...textsIn(template, 'annotations'), 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'CronJob', name, uid: uid ?? '', controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: objectAt(template, 'spec'),
  };
}

const textsIn = (template: JsonObject, field: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(objectAt(template, 'metadata', field)).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value]] : [],
    ),
  );

/** By 'group/Kind'. */
const ACTIONS: Readonly<Record<string, Readonly<Record<string, Action>>>> = {
  ...OPERATOR_ACTIONS,
  'apps/DaemonSet': { restart },
  'apps/Deployment': { pause: toggle('paused', true), restart, resume: toggle('paused', false), scale },
  'apps/StatefulSet': { restart, scale },
  'batch/CronJob': { 'create-job': createJob, resume: toggle('suspend', false), suspend: toggle('suspend', true) },
  'batch/Job': {
    resume: toggle('suspend', false, isFinished),
    suspend: toggle('suspend', true, isFinished),
    terminate: {
      icon: 'stop-circle',
      isDisabled: isFinished,
      effect: () => ({ patch: { spec: { activeDeadlineSeconds: 1 } } }),
    },
  },
};

function actionsOf({ apiVersion, kind }: KubeObject): Readonly<Record<string, Action>> {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return ACTIONS[`${group}/${kind}`] ?? {};
}

/** By name. */
export function availableActions(object: KubeObject): readonly AvailableAction[] {
  return Object.entries(actionsOf(object))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { icon, parameters, displayName, isDisabled }]) => ({
      name,
      iconClass: `fa fa-fw fa-${icon}`,
      ...(displayName ? { displayName } : {}),
      ...(isDisabled?.(object) ? { disabled: true } : {}),
      ...(parameters ? { params: parameters.map((parameter) => ({ name: parameter })) } : {}),
    }));
}

/** Throws `invalid` for an action that the object does not have. */
export function actionEffect(object: KubeObject, name: string, setting: ActionSetting): ActionEffect {
  const actions = actionsOf(object);
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action) return action.effect(object, setting);
  const names = Object.keys(actions);
  const hint = names.length > 0 ? { hint: `available actions: ${names.sort().join(', ')}` } : {};
  throw new HawserError('invalid', `there is no action '${name}' for ${object.kind} '${object.metadata.name ?? ''}'`, {
    ...hint,
    reason: { kind: 'unknown-action' },
  });
}
