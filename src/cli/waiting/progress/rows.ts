import { type ResourceState, STATE_HEAD } from '../../../render/states.ts';
import { PLAIN } from '../../../render/style.ts';
import { columnTable, type Row } from '../../../render/table.ts';
import { offsetTime } from '../../../render/times.ts';
import type { Context } from '../../context.ts';
import { createChanges } from './changes.ts';
import type { Progress } from './progress.ts';

/** GROUP to HOOK stand to the right, each in its width. */
const WIDTHS = [5, 10, 10, 20, 8, 7, 10] as const;

/** The reference's rows. */
export function rowProgress({ io, clock, say }: Context): Progress {
  const changes = createChanges();
  let started = false;
  const cells = (row: readonly string[]): Row => row.map((cell, index) => cell.padStart(WIDTHS[index] ?? 0));
  return {
    begin: () => undefined,
    show: (_, states) => {
      const time = offsetTime(clock.now());
      const rows = changes(states).map((state) => [time, ...cells(rowOf(state))]);
      const all = started ? rows : [['TIMESTAMP', ...cells(STATE_HEAD)], ...rows];
      started = true;
      if (all.length > 0) io.out.write(columnTable({ head: [], rows: all }, PLAIN));
    },
    say,
    pause: () => undefined,
    conclude: () => undefined,
    end: () => undefined,
  };
}

const rowOf = (state: ResourceState): string[] => [
  state.group,
  state.kind,
  state.namespace,
  state.name,
  state.status,
  state.health,
  state.hook,
  state.message,
];
