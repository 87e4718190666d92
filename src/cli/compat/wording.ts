// What is said beside the answer, and where.

import { type Clock, timestamp } from '../../core/time.ts';
import type { Io } from '../io/io.ts';

type Level = 'info' | 'warning' | 'error';

interface LogLine {
  readonly level: Level;
  readonly text: string;
}

interface Streams {
  readonly io: Io;
}

interface Talk {
  say(text: string): void;
  readonly clock: Clock;
}

export interface Wording {
  /** A small success: a line, or a log record of the reference. */
  note(text: string, context: Talk, level?: Level): void;
  /** What only the reference logs. */
  remark(text: string, context: Talk, level?: Level): void;
  /** The log records of the reference, where it prints them amid its answer. */
  records(records: readonly LogLine[], clock: Clock): string;
  /** What only the reference warns of, as it stands on stderr. */
  caution(text: string, context: Streams): void;
  /** What only the reference writes to stdout about what it does. */
  narrate(text: string, context: Streams): void;
  /** A line on the progress of a login: on stderr, or where the reference has it. */
  talk(text: string, context: Streams): void;
  /** What a change came to: our sentence, or what the reference writes, which is often nothing. */
  tellChange(told: { readonly own: string; readonly reference: string }, context: Streams): void;
  /** Advice that the reference does not give. */
  advise(text: string, context: Talk): void;
  /** How an application is named that is gone. */
  goneName(application: { readonly shown: string; readonly name: string; readonly namespace?: string }): string;
  /** What stdout ends with after a plugin failed. */
  pluginFailed(exit: number): string;
}

const silent = (): void => undefined;

export const HAWSER_WORDING: Wording = {
  note: (text, { say }) => say(text),
  remark: silent,
  records: () => '',
  caution: silent,
  narrate: silent,
  talk: (text, { io }) => io.err.write(`${text}\n`),
  tellChange: ({ own }, { io }) => io.out.write(`${own}\n`),
  advise: (text, { say }) => say(text),
  goneName: ({ shown }) => shown,
  pluginFailed: () => '',
};

export const ARGOCD_WORDING: Wording = {
  note: logRecord,
  remark: logRecord,
  records: (records, clock) =>
    records.length === 0 ? '' : `${records.map(({ level, text }) => recordOf(text, level, clock)).join('\n')}\n\n`,
  caution: (text, { io }) => io.err.write(text),
  narrate: (text, { io }) => io.out.write(text),
  talk: (text, { io }) => io.out.write(`${text}\n`),
  tellChange: ({ reference }, { io }) => io.out.write(reference),
  advise: silent,
  goneName: ({ name, namespace = '' }) => `${namespace}/${name}`,
  pluginFailed: (exit) => `Error: exit status ${exit}\n`,
};

function logRecord(msg: string, { say, clock }: Talk, level: Level = 'info'): void {
  say(recordOf(msg, level, clock));
}

const recordOf = (msg: string, level: Level, clock: Clock): string =>
  JSON.stringify({ level, msg, time: timestamp(clock.now()) });
