// In which order the tasks of an operation are run. The tasks are planned anew in each pass: what was pruned is gone by then,
// and the waves of what is still to be pruned are mirrored among themselves.

import { keyText } from '../../objects/object.ts';
import type { SyncTask } from './tasks.ts';

/** `plan` makes the tasks without what is gone, by its `keyText`; `goes` says whether a task prunes indeed. */
export function runOrder(
  plan: (gone: ReadonlySet<string>) => readonly SyncTask[],
  goes: (task: SyncTask) => boolean,
): SyncTask[] {
  const done = new Set<string>();
  const gone = new Set<string>();
  const order: SyncTask[] = [];
  for (;;) {
    const tasks = plan(gone);
    const pending = tasks.filter((task) => task.phase !== 'SyncFail' && !done.has(idOf(task)));
    const [first] = pending;
    if (!first) return [...order, ...tasks.filter(({ phase }) => phase === 'SyncFail')];
    const next = pending.filter(({ phase, wave }) => phase === first.phase && wave === first.wave);
    const pruned = next.filter(({ target }) => !target);
    order.push(...pruned, ...next.filter(({ target }) => target));
    for (const task of next) done.add(idOf(task));
    for (const task of pruned.filter(goes)) gone.add(keyText(task.key));
  }
}

const idOf = ({ phase, key }: SyncTask): string => `${phase} ${keyText(key)}`;
