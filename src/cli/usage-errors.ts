// What commander complains of, in our words.

import type { Command, CommanderError } from 'commander';
import { HawserError, type Reason } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { foreignFlagHint } from './aliases/foreign-flags.ts';
import { pathOf } from './command-tree.ts';
import { GLOBAL_FLAGS } from './config/globals.ts';
import { declaredFlags, visibleFlags } from './input/command.ts';

/** Commander's complaint in our words; what is not a complaint (help was asked for) stays what it is. */
export function usageError(thrown: CommanderError, command: Command): Error {
  if (thrown.exitCode === 0) return thrown;
  const path = pathOf(command);
  const hint = `${path} --help`;
  const [, subject = ''] = /'([^']*)'/.exec(thrown.message) ?? [];
  const explain = COMPLAINTS[thrown.code];
  if (explain) return explain(subject, command, hint);
  return new HawserError('usage', thrown.message.replace(/^error: /, ''), { hint });
}

type Complaint = (subject: string, command: Command, hint: string) => HawserError;

const COMPLAINTS: Readonly<Record<string, Complaint>> = {
  'commander.unknownOption': unknownFlag,
  'commander.missingArgument': (subject, command, hint) =>
    new HawserError('usage', `${pathOf(command)} needs ${subject.toUpperCase()}`, {
      hint,
      reason: incomplete(command),
    }),
  'commander.excessArguments': (_, command, hint) =>
    new HawserError('usage', `too many arguments for ${pathOf(command)}`, { hint, reason: incomplete(command) }),
  'commander.optionMissingArgument': (subject, _, hint) =>
    new HawserError('usage', `${flagName(subject)} needs a value`, {
      hint,
      reason: { kind: 'flag-without-value', flag: flagName(subject) },
    }),
  'commander.missingMandatoryOptionValue': (subject, _, hint) =>
    new HawserError('usage', `${flagName(subject)} is missing`, {
      hint,
      reason: { kind: 'flag-missing', flag: flagName(subject) },
    }),
};

const incomplete = (command: Command): Reason => ({ kind: 'incomplete-command', command: command.name() });

const flagName = (subject: string): string => /--[\w-]+/.exec(subject)?.[0] ?? subject;

export function unknownFlag(subject: string, command: Command, hint: string): HawserError {
  const name = subject.replace(/=.*$/s, '');
  const flags = [declaredFlags(command), GLOBAL_FLAGS].flatMap(visibleFlags);
  const bare = name.replace(/^-+/, '');
  const near = nearest(
    bare,
    flags.map((flag) => flag.name),
  ).map((flag) => `--${flag}`);
  const guess = near.length > 0 ? `did you mean ${near.join(' or ')}?` : hint;
  return new HawserError('usage', `unknown flag '${name}'`, {
    hint: foreignFlagHint(bare, flags) ?? guess,
    details: { flag: name, near },
    reason: { kind: 'unknown-flag', flag: name },
  });
}
