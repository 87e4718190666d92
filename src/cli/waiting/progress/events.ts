// Progress for programs: one JSON object a line on stderr.

import { EXIT_CODES } from '../../../core/errors.ts';
import { timestamp } from '../../../core/time.ts';
import type { Application } from '../../../model/application.ts';
import type { Context } from '../../context.ts';
import { every } from '../../io/ticker.ts';
import { createChanges } from './changes.ts';
import { HEARTBEAT_MS } from './lines.ts';
import type { Progress, ProgressSetting } from './progress.ts';

/** Of the form of the events: a field may be added, none changes its meaning. */
const VERSION = 1;

export function eventProgress({ task }: ProgressSetting, { io, clock }: Context): Progress {
  const memories = new Map<string, ReturnType<typeof createChanges>>();
  const states = new Map<string, string>();
  let sequence = 0;
  const began = clock.now();
  const emit = (event: string, fields: object): void => {
    sequence += 1;
    const head = { version: VERSION, sequence, time: timestamp(clock.now()), event, task };
    io.err.write(`${JSON.stringify({ ...head, ...fields })}\n`);
  };
  const seconds = (): number => Math.round((clock.now() - began) / 1000);
  const stop = every(HEARTBEAT_MS, () => emit('heartbeat', { seconds: seconds() }));
  const show: Progress['show'] = (app, resources) => {
    const { name, namespace } = app.metadata;
    const summary = summaryOf(app);
    const text = JSON.stringify(summary);
    if (states.get(name) !== text) emit('application', { application: name, namespace, ...summary });
    states.set(name, text);
    const changes = memories.get(name) ?? createChanges();
    memories.set(name, changes);
    for (const state of changes(resources)) emit('resource', { application: name, resource: state });
  };
  return {
    begin: show,
    show,
    say: (message) => emit('message', { message }),
    pause: () => undefined,
    conclude: (app, failure) => {
      const { name, namespace } = app.metadata;
      const error = failure && { code: failure.code, exit: EXIT_CODES[failure.code], message: failure.message };
      emit('result', { application: name, namespace, ...summaryOf(app), seconds: seconds(), error });
    },
    end: stop,
  };
}

const summaryOf = ({ operation, status }: Application): object => ({
  phase: operation ? (status?.operationState?.phase ?? 'Pending') : status?.operationState?.phase,
  sync: status?.sync?.status,
  revision: status?.sync?.revision,
  health: status?.health?.status,
});
