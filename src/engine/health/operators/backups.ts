// Backups and the storage behind them: Astra and Trident.

import { type HealthCheck, health } from '../check.ts';
import {
  always,
  byWord,
  findCondition,
  firstOf,
  flag,
  forKinds,
  has,
  type Rules,
  text,
  word,
  wordAt,
} from './forms.ts';

const NO_STATUS = 'No status available';

/** What Astra Control does once: a state, and an error when it has one. */
const astraRun = (kind: string): HealthCheck =>
  byWord({
    path: 'status.state',
    healthy: ['Completed'],
    progressing: ['Running', 'Pending', 'InProgress', 'Removing'],
    degraded: ['Failed', 'Error'],
    message: (state) => (['Failed', 'Error'].includes(state) ? state : `${kind} ${state}`),
    waiting: NO_STATUS,
    otherwise: [text('status.state'), 'Progressing', (state) => `${kind} ${state}`],
  });

const astraApplication: HealthCheck = (object) => {
  const ready = findCondition(object, 'Ready');
  const state = wordAt(object, 'status.protectionState');
  if (ready?.status === 'True') return health('Healthy', `Astra Application Ready, protectionState: ${state}`);
  if (ready?.status === 'False') return health('Degraded', `Astra Application Degraded, message: ${ready.message}`);
  return health('Progressing', NO_STATUS);
};

const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const tridentBackend = firstOf(
  [word('status.lastOperationStatus', 'Failed'), 'Degraded', (_, object) => wordAt(object, 'status.message')],
  [word('status.phase', 'Lost', 'Failed'), 'Degraded', (_, object) => wordAt(object, 'status.message')],
  [word('status.lastOperationStatus', 'Success'), 'Healthy', (_, object) => wordAt(object, 'status.message')],
  [always, 'Progressing', 'Waiting for backend creation'],
);

const tridentOrchestrator = byWord({
  path: 'status.status',
  healthy: ['Installed'],
  progressing: ['Installing', 'Updating', 'Uninstalling', 'Uninstalled'],
  degraded: ['Failed', 'Error'],
  message: (_state, object) => wordAt(object, 'status.message'),
  waiting: 'Waiting for Trident installation',
});

export const BACKUPS: Rules = {
  ...forKinds(
    'astra.netapp.io',
    [
      'Backup',
      'BackupInplaceRestore',
      'BackupRestore',
      'ExecHooksRun',
      'ResourceBackup',
      'ResourceRestore',
      'ResticVolumeBackup',
      'ResticVolumeRestore',
      'Snapshot',
      'SnapshotInplaceRestore',
      'SnapshotRestore',
      'KopiaVolumeBackup',
      'KopiaVolumeRestore',
    ],
    astraRun,
  ),
  'astra.netapp.io/AppVault': byWord({
    path: 'status.state',
    healthy: ['available'],
    progressing: ['pending'],
    degraded: ['failed', 'error', 'unavailable'],
    message: (state) => `AppVault ${capitalized(state)}`,
    waiting: NO_STATUS,
  }),
  'astra.netapp.io/Application': astraApplication,
  'astra.netapp.io/ExecHook': firstOf(
    [flag('spec.enabled'), 'Healthy', 'ExecHook enabled'],
    [flag('spec.enabled', false), 'Suspended', 'ExecHook disabled'],
    [always, 'Progressing', NO_STATUS],
  ),
  'astra.netapp.io/Schedule': firstOf(
    [flag('spec.enabled', false), 'Suspended', 'Protection policy disabled'],
    [text('status.error'), 'Degraded'],
    [
      has('status.lastScheduleTime'),
      'Healthy',
      (_, object) => `Last scheduled: ${wordAt(object, 'status.lastScheduleTime')}`,
    ],
    [always, 'Healthy', 'Protection policy not yet executed'],
  ),
  'trident.netapp.io/TridentBackendConfig': tridentBackend,
  'trident.netapp.io/TridentOrchestrator': tridentOrchestrator,
};
