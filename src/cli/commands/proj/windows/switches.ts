// The four switches of a sync window: one shape, a line of a table each.

import type { Command } from 'commander';
import type { SyncWindow } from '../../../../model/project.ts';
import type { Context } from '../../../context.ts';
import { projectEdit } from '../shared/project-edit.ts';
import { readId } from '../shared/refusals.ts';
import { noWindow } from './no-window.ts';

interface Switch {
  readonly field: 'manualSync' | 'syncOverrun';
  readonly on: boolean;
  readonly description: string;
  /** 'manual syncs are allowed': what it came to. */
  readonly says: string;
}

const SWITCHES = {
  'enable-manual-sync': {
    field: 'manualSync',
    on: true,
    description: 'Lets people sync while a sync window forbids automatic syncs.',
    says: 'lets manual syncs through',
  },
  'disable-manual-sync': {
    field: 'manualSync',
    on: false,
    description: 'Forbids manual syncs too while a sync window forbids automatic ones.',
    says: 'holds for manual syncs too',
  },
  'enable-sync-overrun': {
    field: 'syncOverrun',
    on: true,
    description: 'Lets a sync that began in time go on when a sync window would end it.',
    says: 'lets running syncs end',
  },
  'disable-sync-overrun': {
    field: 'syncOverrun',
    on: false,
    description: 'Ends a running sync when a sync window forbids it.',
    says: 'ends running syncs',
  },
} as const satisfies Readonly<Record<string, Switch>>;

export const windowSwitchCommand = (name: keyof typeof SWITCHES): ((context: Context) => Command) => {
  const { field, on, description, says }: Switch = SWITCHES[name];
  return projectEdit({
    name,
    description,
    arguments: ['<id>'],
    flags: [],
    examples: [
      { about: 'Change the first window', line: `hawser proj windows ${name} shop 0` },
      { about: 'Show the windows and their IDs', line: 'hawser proj windows list shop' },
    ],
    edit: ({ metadata, spec }, { args: [text] }) => {
      const id = readId(text, 'sync window');
      const windows = spec.syncWindows ?? [];
      if (!windows[id]) throw noWindow(text, metadata.name);
      const set = ({ [field]: _before, ...window }: SyncWindow): SyncWindow =>
        on ? { ...window, [field]: on } : window;
      return {
        spec: { ...spec, syncWindows: windows.map((window, at) => (at === id ? set(window) : window)) },
        says: `sync window ${id} ${says}`,
      };
    },
  });
};
