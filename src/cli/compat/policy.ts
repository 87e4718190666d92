// The two modes: Hawser's own, and drop-in mode, which behaves as the reference. A command asks its policy for a value, or
// has it do the work, and never asks which mode it is in.

import type { HawserError } from '../../core/errors.ts';
import { type ReadValue, readReferenceValue, readValue } from '../input/flags.ts';
import { ARGOCD_DEFAULTS, type Defaults, HAWSER_DEFAULTS } from './defaults.ts';
import type { FailureSetting, Report } from './failures.ts';
import { ARGOCD_LAYOUT, HAWSER_LAYOUT, type Layout } from './layout.ts';
import { ARGOCD_OWN, HAWSER_OWN, type Own } from './own.ts';
import { ARGOCD_PROMPTS, HAWSER_PROMPTS, type Prompts } from './prompts.ts';
import { ARGOCD_WORDING, HAWSER_WORDING, type Wording } from './wording.ts';

export interface Policy {
  /** What the program is called in help and versions. */
  readonly program: string;
  readonly defaults: Defaults;
  readonly layout: Layout;
  readonly own: Own;
  readonly prompts: Prompts;
  readonly wording: Wording;
  /** How the value of a flag is read. */
  readonly readValue: ReadValue;
  /** What a failure writes, and the exit code it ends with. */
  report(error: HawserError, setting: FailureSetting): Promise<Report>;
  /** Whether the help of the command stands before a failure. */
  showsHelp(error: unknown): Promise<boolean>;
}

const HAWSER_POLICY: Policy = {
  program: 'hawser',
  defaults: HAWSER_DEFAULTS,
  layout: HAWSER_LAYOUT,
  own: HAWSER_OWN,
  prompts: HAWSER_PROMPTS,
  wording: HAWSER_WORDING,
  readValue,
  report: async (error, setting) => (await import('./failures.ts')).hawserReport(error, setting),
  showsHelp: async () => false,
};

const ARGOCD_POLICY: Policy = {
  program: 'argocd',
  defaults: ARGOCD_DEFAULTS,
  layout: ARGOCD_LAYOUT,
  own: ARGOCD_OWN,
  prompts: ARGOCD_PROMPTS,
  wording: ARGOCD_WORDING,
  readValue: readReferenceValue,
  report: async (error, setting) => (await import('./failures.ts')).argocdReport(error, setting),
  showsHelp: async (error) => (await import('./reference.ts')).showsHelp(error),
};

/** The policy of a process, by what it was called and what its environment says. */
export function policyFor(program: string, env: Readonly<Record<string, string | undefined>>): Policy {
  const mode = env['HAWSER_COMPAT'] ?? (/^argocd(\.js|\.exe)?$/.test(program) ? 'argocd' : '');
  return mode === 'argocd' ? ARGOCD_POLICY : HAWSER_POLICY;
}
