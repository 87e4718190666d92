import type { KubeObject } from '../../../objects/object.ts';
import { conditionsOf, health, type ResourceHealth } from '../check.ts';
import { always, both, byWord, condition, findCondition, firstOf, type Rules, text, word, wordAt } from './forms.ts';

/** A machine that somebody has switched off is no fault. */
const VM_WORDS: readonly [readonly string[], 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended'][] = [
  [['Running'], 'Healthy'],
  [['Stopped', 'Paused', 'Halted'], 'Suspended'],
  [
    [
      'Provisioning',
      'Starting',
      'Stopping',
      'Terminating',
      'Migrating',
      'WaitingForVolumeBinding',
      'WaitingForReceiver',
      'DataVolumeNotFound',
    ],
    'Progressing',
  ],
  [
    [
      'CrashLoopBackOff',
      'ErrorUnschedulable',
      'ErrImagePull',
      'ImagePullBackOff',
      'ErrorPvcNotFound',
      'ErrorDataVolumeNotFound',
      'DataVolumeError',
    ],
    'Degraded',
  ],
];

function virtualMachine(object: KubeObject): ResourceHealth {
  const printable = wordAt(object, 'status.printableStatus');
  const isPaused = findCondition(object, 'Paused', 'True');
  const known = VM_WORDS.find(([words]) => words.includes(printable));
  const [failed] = conditionsOf(object).filter(({ type, status }) => type === 'Failure' && status === 'True');
  if (failed) return health('Degraded', failed.message);
  if (isPaused) return health('Suspended', printable || isPaused.message);
  if (known) return health(known[1], printable);
  const ready = findCondition(object, 'Ready');
  if (ready?.status === 'True') return health('Healthy', printable || 'Running');
  return health('Progressing', printable || (ready ? ready.message : '') || 'No status available');
}

const machineInstance = firstOf(
  [word('status.phase', 'Failed'), 'Degraded'],
  [word('status.phase', 'Succeeded'), 'Suspended'],
  [condition('Paused'), 'Suspended', 'Paused'],
  [both(condition('Ready'), word('status.phase', 'Running')), 'Healthy'],
  [
    both(condition('Ready', 'False'), word('status.phase', 'Running')),
    'Degraded',
    (_, object) => findCondition(object, 'Ready', 'False')?.message ?? '',
  ],
  [word('status.phase', 'Running'), 'Healthy'],
  [text('status.phase'), 'Progressing'],
  [always, 'Progressing', 'No status available'],
);

const dataVolume = byWord({
  path: 'status.phase',
  healthy: ['Succeeded'],
  degraded: ['Failed', 'Error'],
  suspended: ['Paused'],
  unknown: ['Unknown'],
  waiting: 'No status available',
  otherwise: [text('status.phase'), 'Progressing'],
});

export const MACHINES: Rules = {
  'kubevirt.io/VirtualMachine': virtualMachine,
  'kubevirt.io/VirtualMachineInstance': machineInstance,
  'cdi.kubevirt.io/DataVolume': dataVolume,
};
