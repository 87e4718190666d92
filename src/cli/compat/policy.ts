// The two ways to behave: Hawser's own, and the reference's (drop-in mode). What differs is written here once, as a table
// of answers, so that no command asks which of them it is in.

import { HawserError } from '../../core/errors.ts';
import { type Clock, timestamp } from '../../core/time.ts';
import type { Io } from '../io/io.ts';
import type { FailureSetting, Report } from './failures.ts';

interface Noted {
  say(text: string): void;
  readonly clock: Clock;
}

export interface Policy {
  readonly name: 'hawser' | 'argocd';
  report(error: HawserError, setting: FailureSetting): Promise<Report>;
  /** Milliseconds that sync and wait take at most when no --timeout says it; 0 is for ever. */
  readonly deadline: number;
  /** What `app delete` says of the deployed resources when nothing was typed; undefined leaves it to the server. */
  readonly cascade: boolean | undefined;
  /** Where the rows of a wait are written, and in which form. */
  readonly progress: 'rows' | 'lines';
  /** Whether a 403 is told apart by what the caller can see. */
  readonly tellsAbsence: boolean;
  /** Without a server: the local system, or a refusal. */
  readonly hasLocal: boolean;
  /** How questions are asked: in a terminal only, or by lines of the streams, whoever may be there. */
  readonly asks: 'terminal' | 'lines';
  /** Whether a failure is answered with the help of the command. */
  showsHelp(error: unknown): Promise<boolean>;
  /** Whether lists, and `app get`, take no notice of arguments they have no use for. */
  readonly ignoresSurplus: boolean;
  /** With a machine format: whether the object is printed although the command fails. */
  readonly answersBeforeFailing: boolean;
  /** Whether a rollback that ended badly is a failure. */
  readonly failsRollback: boolean;
  /** Where a small success is told: a line for people, or the reference's log record. */
  note(text: string, context: Noted, level?: 'info' | 'warning'): void;
  /** What only the reference says, as a log record. */
  remark(text: string, context: Noted, level?: 'info' | 'warning'): void;
  /** What only the reference warns of: on stderr as it stands. */
  caution(text: string, context: { readonly io: Io }): void;
  /** Whether YAML of some commands ends in an empty line. */
  readonly blankAfterYaml: boolean;
  /** A line of talk: on stderr, or where the reference has it. */
  talk(text: string, context: { readonly io: Io }): void;
  /** What the reference says on stdout of what it is about to do. */
  narrate(text: string, context: { readonly io: Io }): void;
  /** The program that shows differences where none is named; '' is our own view. */
  readonly diffProgram: string;
  /** Whether a failure is followed to its cause: pods, their last lines, warnings of the cluster. */
  readonly explains: boolean;
  /** Several applications end in one table or one document, not each in its own; one deadline is for all of them. */
  readonly summarises: boolean;
  /** Before the block, where the time was up. */
  readonly lateLead: string;
  /** Whether flags beside a document from stdin count. */
  readonly overlaysStdin: boolean;
  /** Whether a log that is followed goes on with the next container when its own has ended. */
  readonly followsRestarts: boolean;
  /** Whether a format that a command does not have is refused by those that the reference lets pass. */
  readonly checksFormats: boolean;
  /** Whether a history says who deployed, why, and how it went. */
  readonly tellsHistory: boolean;
  /** Whether tables in a terminal have rules and are cut to its width. */
  readonly drawsTables: boolean;
  /** What the names of programs that add a command begin with. */
  readonly pluginPrefixes: readonly string[];
  /** After a program that added a command has failed. */
  readonly pluginTail: (code: number) => string;
  /** Between the talk and the block at the end of a wait. */
  readonly blockLead: string;
}

const HAWSER_POLICY: Policy = {
  name: 'hawser',
  report: async (error, setting) => (await import('./failures.ts')).hawserReport(error, setting),
  deadline: 600_000,
  cascade: false,
  progress: 'lines',
  tellsAbsence: true,
  hasLocal: true,
  asks: 'terminal',
  showsHelp: async () => false,
  ignoresSurplus: false,
  answersBeforeFailing: false,
  failsRollback: true,
  note: (text, { say }) => say(text),
  remark: () => undefined,
  caution: () => undefined,
  blankAfterYaml: false,
  talk: (text, { io }) => io.err.write(`${text}\n`),
  narrate: () => undefined,
  diffProgram: '',
  explains: true,
  summarises: true,
  lateLead: '',
  overlaysStdin: true,
  followsRestarts: true,
  checksFormats: true,
  tellsHistory: true,
  drawsTables: true,
  pluginPrefixes: ['hawser-', 'argocd-'],
  pluginTail: () => '',
  blockLead: '',
};

const ARGOCD_POLICY: Policy = {
  name: 'argocd',
  report: async (error, setting) => (await import('./failures.ts')).argocdReport(error, setting),
  deadline: 0,
  cascade: undefined,
  progress: 'rows',
  tellsAbsence: false,
  hasLocal: false,
  asks: 'lines',
  showsHelp: async (error) =>
    error instanceof HawserError && (await import('./reference.ts')).inReference(error).help === true,
  ignoresSurplus: true,
  answersBeforeFailing: true,
  failsRollback: false,
  note: logRecord,
  remark: logRecord,
  caution: (text, { io }) => io.err.write(text),
  blankAfterYaml: true,
  talk: (text, { io }) => io.out.write(`${text}\n`),
  narrate: (text, { io }) => io.out.write(text),
  diffProgram: 'diff',
  explains: false,
  summarises: false,
  lateLead:
    '\nThis is the state of the app after wait timed out:\n\nThe command timed out waiting for the conditions to be met.\n',
  overlaysStdin: false,
  followsRestarts: false,
  checksFormats: false,
  tellsHistory: false,
  drawsTables: false,
  pluginPrefixes: ['argocd-'],
  pluginTail: (code) => `Error: exit status ${code}\n`,
  blockLead: '\n',
};

function logRecord(msg: string, { say, clock }: Noted, level: 'info' | 'warning' = 'info'): void {
  say(JSON.stringify({ level, msg, time: timestamp(clock.now()) }));
}

/** The policy of a process, by what it was called and what its environment says. */
export function policyFor(program: string, env: Readonly<Record<string, string | undefined>>): Policy {
  const asked = env['HAWSER_COMPAT'] ?? (/^argocd(\.js|\.exe)?$/.test(program) ? 'argocd' : '');
  return asked === 'argocd' ? ARGOCD_POLICY : HAWSER_POLICY;
}
