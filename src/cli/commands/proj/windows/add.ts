import { omitUndefined } from '../../../../core/omit-undefined.ts';
import type { SyncWindow } from '../../../../model/project.ts';
import { projectEdit } from '../shared/project-edit.ts';
import { checkedWindow } from './check.ts';
import { WINDOW_FLAGS } from './flags.ts';
import { invalidWindow } from './no-window.ts';

export const addWindowCommand = projectEdit({
  name: 'add',
  description: 'Adds a sync window: a time in which applications may be synced, or may not.',
  arguments: [],
  flags: [
    { name: 'kind', short: 'k', type: 'string', suggestions: ['allow', 'deny'], summary: 'allow or deny' },
    ...WINDOW_FLAGS,
    { name: 'manual-sync', type: 'bool', summary: 'let manual syncs through' },
    { name: 'sync-overrun', type: 'bool', summary: 'let a sync that began in time go on' },
    {
      name: 'use-and-operator',
      type: 'bool',
      summary: 'only what fits applications, namespaces and clusters alike',
    },
  ],
  examples: [
    {
      about: 'Sync at night only',
      line: "hawser proj windows add shop --kind allow --schedule '0 22 * * *' --duration 8h --applications '*'",
    },
    {
      about: 'Forbid syncs on Fridays in production, but let people sync',
      line: "hawser proj windows add shop --kind deny --schedule '0 0 * * 5' --duration 24h --clusters prod --manual-sync --time-zone Europe/Amsterdam",
    },
    { about: 'Show the windows', line: 'hawser proj windows list shop' },
  ],
  edit: ({ spec }, { options, context }) => {
    const { kind, schedule, duration, applications, namespaces, clusters, description, timeZone } = options;
    const needed = [kind, schedule, duration];
    const targets = [applications, namespaces, clusters].flatMap((list) => list ?? []);
    // The reference leaves it to the server that nothing is meant.
    const isForNothing = context.policy.own.add(() => targets.length === 0, false);
    if (needed.some((value) => !value) || isForNothing)
      throw invalidWindow(
        'cannot create window: require kind, schedule, duration and one or more of applications, namespaces and clusters',
        "hawser proj windows add PROJECT --kind deny --schedule '0 22 * * *' --duration 8h --applications '*'",
      );
    const window: SyncWindow = omitUndefined({
      kind,
      schedule,
      duration,
      applications,
      namespaces,
      clusters,
      manualSync: options.manualSync || undefined,
      timeZone: timeZone ?? 'UTC',
      andOperator: options.useAndOperator || undefined,
      description: description || undefined,
      syncOverrun: options.syncOverrun || undefined,
    });
    const syncWindows = [...(spec.syncWindows ?? []), checkedWindow(window, context)];
    return { spec: { ...spec, syncWindows }, says: `sync window ${syncWindows.length - 1} added` };
  },
});
