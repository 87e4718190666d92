import { omitUndefined } from '../../../../core/omit-undefined.ts';
import type { SyncWindow } from '../../../../model/project.ts';
import { projectEdit } from '../shared/project-edit.ts';
import { readId } from '../shared/refusals.ts';
import { checkedWindow } from './check.ts';
import { WINDOW_FLAGS } from './flags.ts';
import { invalidWindow, noWindow } from './no-window.ts';

export const updateWindowCommand = projectEdit({
  name: 'update',
  description: 'Changes a sync window. What is not given stays as it is.',
  arguments: ['<id>'],
  flags: WINDOW_FLAGS,
  examples: [
    { about: 'Make a window longer', line: 'hawser proj windows update shop 0 --duration 10h' },
    {
      about: 'Have it hold for other applications',
      line: "hawser proj windows update shop 0 --applications 'web-*,api'",
    },
    { about: 'Show the windows and their IDs', line: 'hawser proj windows list shop' },
  ],
  edit: ({ metadata, spec }, { args: [text], options, context }) => {
    const id = readId(text, 'sync window');
    const { schedule, duration, applications, namespaces, clusters, description, timeZone } = options;
    const { own } = context.policy;
    const change = omitUndefined({ schedule, duration, applications, namespaces, clusters, description });
    const zone = own.add(() => omitUndefined({ timeZone }), { timeZone: timeZone ?? 'UTC' });
    if (Object.keys({ ...change, ...own.add(() => zone, {}) }).length === 0)
      throw invalidWindow(
        'cannot update: require one or more of schedule, duration, application, namespace, cluster or description',
        `hawser proj windows update ${metadata.name} ${id} --duration 2h`,
      );
    const windows = spec.syncWindows ?? [];
    const window = windows[id];
    if (!window) {
      own.refuse(noWindow(text, metadata.name));
      return { spec, says: 'nothing changed' };
    }
    const changed: SyncWindow = checkedWindow({ ...window, ...change, ...zone }, context);
    return {
      spec: { ...spec, syncWindows: windows.map((other, at) => (at === id ? changed : other)) },
      says: `sync window ${id} changed`,
    };
  },
});
