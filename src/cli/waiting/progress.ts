// How a wait is told while it lasts: a table that is redrawn in a terminal, one line per change in a pipe, the
// reference's rows in drop-in mode.

import type { Application } from '../../model/application.ts';
import { outcomeTable } from '../../render/applications.ts';
import { briefMessage } from '../../render/brief.ts';
import { type ResourceState, resourceStates, STATE_HEAD, stateKey, stateTable } from '../../render/states.ts';
import { meaningOf, PLAIN, type Style } from '../../render/style.ts';
import { columnTable, oneLine, type Row } from '../../render/table.ts';
import { clockTime, offsetTime } from '../../render/times.ts';
import type { Context } from '../context.ts';
import { createRegion } from '../io/redraw.ts';
import { styleFor } from '../io/style.ts';

export interface Progress {
  show(app: Application, states: readonly ResourceState[]): void;
  end(): void;
}

const SILENT: Progress = { show: () => undefined, end: () => undefined };

/** The progress that fits the place and the format of the answer; of several applications each line names its own. */
export async function createProgress(output: string, context: Context, several = false): Promise<Progress> {
  const { io, policy, env } = context;
  if (policy.layout.progress === 'rows') return output === 'json' || output === 'yaml' ? SILENT : rowProgress(context);
  const style = await styleFor(io.err, context.globals().color, env);
  const isLive = io.err.terminal && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === '';
  if (isLive) return several ? boardProgress(context, style) : liveProgress(context, style);
  return lineProgress(context, style, several);
}

/** The states as they were last told: what is blank now does not overwrite what was known. */
function createMemory(): (states: readonly ResourceState[]) => ResourceState[] {
  const previous = new Map<string, ResourceState>();
  return (states) => {
    const changed: ResourceState[] = [];
    for (const state of states) {
      const before = previous.get(stateKey(state));
      const next = before ? overwritten(before, state) : state;
      if (before === undefined || isDifferent(before, next)) changed.push(next);
      previous.set(stateKey(state), next);
    }
    return changed;
  };
}

function overwritten(before: ResourceState, state: ResourceState): ResourceState {
  return {
    ...state,
    status: state.status || before.status,
    health: state.health || before.health,
    hook: state.hook || before.hook,
    message: state.message || before.message,
  };
}

const isDifferent = (a: ResourceState, b: ResourceState): boolean =>
  a.status !== b.status || a.health !== b.health || a.hook !== b.hook || a.message !== b.message;

/** GROUP to HOOK stand to the right, each in its width. */
const WIDTHS = [5, 10, 10, 20, 8, 7, 10] as const;

function rowProgress({ io, clock }: Context): Progress {
  const changes = createMemory();
  let started = false;
  const cells = (row: readonly string[]): Row => row.map((cell, index) => cell.padStart(WIDTHS[index] ?? 0));
  return {
    show: (_, states) => {
      const time = offsetTime(clock.now());
      const rows = changes(states).map((state) => [time, ...cells(rowOf(state))]);
      const all = started ? rows : [['TIMESTAMP', ...cells(STATE_HEAD)], ...rows];
      started = true;
      if (all.length > 0) io.out.write(columnTable({ head: [], rows: all }, PLAIN));
    },
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

function lineProgress({ io, clock }: Context, style: Style, several: boolean): Progress {
  const memories = new Map<string, ReturnType<typeof createMemory>>();
  const phases = new Map<string, string>();
  return {
    show: (app, states) => {
      const { name } = app.metadata;
      const time = style.faint(clockTime(clock.now()));
      const now = app.status?.operationState?.phase ?? '';
      if ((app.operation || now === 'Running') && phases.get(name) !== now) {
        io.err.write(`${time}  ${name}: sync ${now === '' ? 'requested' : 'running'}\n`);
        phases.set(name, now);
      }
      const changes = memories.get(name) ?? createMemory();
      memories.set(name, changes);
      const lead = several ? `${name}: ` : '';
      for (const state of changes(states)) io.err.write(`${time}  ${lead}${lineOf(state, style)}\n`);
    },
    end: () => undefined,
  };
}

function lineOf(state: ResourceState, style: Style): string {
  const kind = state.group === '' ? state.kind : `${state.group}/${state.kind}`;
  const name = state.namespace === '' ? state.name : `${state.namespace}/${state.name}`;
  const words = [state.status, state.health].filter(Boolean).map((word) => style[meaningOf(word)](word));
  const hook = state.hook === '' ? '' : ` (${state.hook})`;
  return [oneLine(`${kind} ${name}${hook}`), words.join(' '), briefMessage(state.message)].filter(Boolean).join('  ');
}

function liveProgress({ io, clock }: Context, style: Style): Progress {
  const region = createRegion(io.err);
  const began = clock.now();
  return {
    show: (app) => {
      const sync = app.status?.sync?.status ?? '';
      const health = app.status?.health?.status ?? '';
      const phase = app.operation ? 'Running' : (app.status?.operationState?.phase ?? '');
      const words = [phase, sync, health].filter(Boolean).map((word) => style[meaningOf(word)](word));
      const seconds = Math.round((clock.now() - began) / 1000);
      const head = `${style.heading(app.metadata.name)}  ${words.join('  ')}  ${style.faint(`${seconds}s`)}\n`;
      region.draw(head + columnTable(stateTable(resourceStates(app), 'reference'), style));
    },
    end: () => region.end(),
  };
}

/** Several applications, a row each. */
function boardProgress({ io, clock }: Context, style: Style): Progress {
  const region = createRegion(io.err);
  const applications = new Map<string, Application>();
  return {
    show: (app) => {
      applications.set(app.metadata.name, app);
      const rows = [...applications].map(([name, application]) => ({ name, application, failure: undefined }));
      region.draw(columnTable(outcomeTable(rows, clock.now()), style));
    },
    end: () => region.end(),
  };
}
