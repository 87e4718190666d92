// The kinds of failure of the command line, and how the reference words every kind and ends with it.

import { HawserError, type Reason, type Reasons } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Flag, FlagType } from '../input/flags.ts';

/** The kinds of failure of the command line; client and server declare their own. */
declare module '../../core/errors.ts' {
  interface Reasons {
    // What the parser refuses.
    'incomplete-command': { readonly command?: string };
    'nothing-to-set': unknown;
    'flag-without-value': { readonly flag: string };
    'flag-missing': { readonly flag: string };
    'unknown-flag': { readonly flag: string };
    'invalid-flag-value': { readonly flag: Pick<Flag, 'name' | 'short' | 'type'>; readonly text: string };
    'unknown-command': { readonly word: string; readonly path: string; readonly near: readonly string[] };
    'unknown-shell': { readonly shell: string };
    'unknown-log-level': { readonly level: string };
    'unknown-log-format': { readonly format: string };
    'invalid-environment-options': unknown;

    // What a command refuses.
    'invalid-argument': { readonly message?: string };
    'wrong-count-of-sets': { readonly says: string };
    'unknown-format': { readonly format: string; readonly command?: 'version' | 'account get-user-info' };
    'invalid-helm-parameter': { readonly text: string };
    'invalid-deployment-id': { readonly text: string };
    'invalid-token-duration': { readonly text: string };
    'invalid-source-position': unknown;
    'no-folder': { readonly folder: string };
    'unreadable-file': { readonly path: string; readonly why: string };
    'unreadable-input': { readonly path: string; readonly why: string };
    'several-resources': unknown;
    'no-match': unknown;
    'local-sync-refused': unknown;
    'different-spec': { readonly message: string };
    'editor-missing': { readonly program: string };
    'editor-failed': { readonly status: number | null };
    'no-answer': unknown;
    'unknown-certificate-type': unknown;
    'choose-kubeconfig-context': { readonly table: string };
    'cluster-answer-no': unknown;
    /** What is to be added is there, or what is to be removed is not. */
    'refused-change': { readonly message: string };
    /** A value of a flag that the reference takes apart itself. */
    'invalid-part': { readonly message: string };
    'invalid-number': { readonly text: string; readonly parser: 'strconv.Atoi' | 'strconv.ParseInt' };
    'unreadable-project': { readonly why: string };
    'unreadable-set': { readonly file: string; readonly why: string; readonly isParsed: boolean };
    /** The few commands that return their errors. */
    'returned-error': { readonly message: string };

    // Settings of an installation.
    'no-policy-source': unknown;
    'no-settings-source': unknown;
    'unreadable-policy': { readonly path: string; readonly why: string };
    'invalid-policy': { readonly policy: string };
    'empty-policy': unknown;
    'unknown-right': { readonly problem: string };
    'no-cluster-client': { readonly what: 'create k8s client' | 'get config to create k8s client' };

    // Contexts and logins.
    'no-configuration': unknown;
    'no-current-context': unknown;
    'undefined-entry': unknown;
    'unresolved-context': { readonly message: string };
    'no-login': unknown;
    'no-context': unknown;
    'login-declined': unknown;
    'login-unreachable': { readonly message: string; readonly connection?: Reasons['connection-failed'] };
    'invalid-header': { readonly address: string; readonly message: string };

    // What came of a wait or an operation.
    'went-degraded': { readonly application: string; readonly from: string };
    'wait-timed-out': { readonly application: string; readonly milliseconds: number };
    'operation-failed': { readonly phase: string };
    'pruning-required': { readonly count: number };
    'log-stream-failed': unknown;
    'not-attempted': unknown;

    // Hawser's own.
    /** The answer on stdout says it already. */
    'in-answer': unknown;
    /** The exit code that the user chose. */
    'chosen-exit': { readonly exit: number };
  }
}

export interface ReferenceFailure {
  /** Where it is not the one of our code. */
  readonly exit?: number;
  /** What its parser writes on stdout, in place of a log record. */
  readonly stdout?: string;
  /** It shows the help of the command, in place of a log record. */
  readonly help?: boolean;
  /** The message of its log record; ours when absent. */
  readonly message?: string;
  /** What stands before our message. */
  readonly lead?: string;
  readonly level?: 'error' | 'warning';
  /** The record is text, whatever --logformat says. */
  readonly text?: boolean;
  /** No record: a time and the message, as Go's own log has it. */
  readonly isPlainLog?: boolean;
}

/** What an error means to the reference; nothing where our message and the exit code of its code say it all. */
export function inReference({ reason }: HawserError): ReferenceFailure {
  return reason === undefined ? {} : wordingOf(reason);
}

export const showsHelp = (error: unknown): boolean => error instanceof HawserError && inReference(error).help === true;

const wordingOf = <Kind extends keyof Reasons>(reason: Reason<Kind>): ReferenceFailure =>
  WORDINGS[reason.kind]?.(reason) ?? {};

/** A kind without a wording means no more to the reference than our message and code. */
type Wordings = { readonly [Kind in keyof Reasons]?: (reason: Reason<Kind>) => ReferenceFailure };

/** `errors.CheckError` of the reference ends with 20, `log.Fatal` with 1. */
const CHECK_ERROR = 20;
const LOG_FATAL = 1;

const NO_KUBECONFIG =
  'invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable';

/** Of a command without its arguments, and of a noun alone. */
const INCOMPLETE_EXITS: Readonly<Record<string, number>> = { diff: 2, 'admin alone': 0 };

const WORDINGS: Wordings = {
  'incomplete-command': ({ command = '' }) => ({ help: true, ...omitUndefined({ exit: INCOMPLETE_EXITS[command] }) }),
  'nothing-to-set': () => ({ help: true, level: 'error', message: 'Please set at least one option to update' }),
  'flag-without-value': ({ flag }) => ({ stdout: `Error: flag needs an argument: ${flag}\n` }),
  'flag-missing': ({ flag }) => ({ stdout: `Error: required flag(s) "${flag.slice(2)}" not set\n` }),
  'unknown-flag': ({ flag }) => ({ stdout: `Error: ${unknownFlag(flag)}\n` }),
  'invalid-flag-value': ({ flag, text }) => {
    const spelling = flag.short === undefined ? `--${flag.name}` : `-${flag.short}, --${flag.name}`;
    return { stdout: `Error: invalid argument "${text}" for "${spelling}" flag: ${parseError(flag.type, text)}\n` };
  },
  'unknown-command': ({ word, path, near }) => ({
    stdout: `Error: unknown command "${word}" for "${path}"\n${suggestion(near)}Run '${path} --help' for usage.\n`,
    level: 'warning',
    text: true,
    message: `error looking for plugin 'argocd-${word}': exec: "argocd-${word}": executable file not found in $PATH`,
  }),
  'unknown-shell': ({ shell }) => ({
    stdout: `Invalid shell '${shell}'. The supported shells are bash, zsh and fish.\n`,
  }),
  'unknown-log-level': ({ level }) => ({
    exit: CHECK_ERROR,
    message: `not a valid logrus Level: ${JSON.stringify(level)}`,
  }),
  'unknown-log-format': ({ format }) => ({ text: true, message: `Unknown log format '${format}'` }),
  'invalid-environment-options': () => ({ text: true }),

  'invalid-argument': ({ message }) => ({ exit: CHECK_ERROR, message }),
  'wrong-count-of-sets': ({ says }) => ({ stdout: says }),
  'unknown-format': ({ format, command }) => {
    if (command === 'version') return { exit: LOG_FATAL };
    if (command === undefined) return { exit: CHECK_ERROR };
    return { exit: LOG_FATAL, message: `Unknown output format: ${format}` };
  },
  'invalid-helm-parameter': ({ text }) => ({
    message: `expected helm parameter of the form param=value but received: ${text}`,
  }),
  'invalid-deployment-id': ({ text }) => ({
    exit: CHECK_ERROR,
    message: `strconv.Atoi: parsing "${text}": invalid syntax`,
  }),
  'invalid-token-duration': ({ text }) => ({
    exit: CHECK_ERROR,
    message: `invalid since format '${text}', expected format <duration><unit> (e.g. 3h)`,
  }),
  'invalid-source-position': () => ({
    message: 'source-position cannot be less than or equal to 0, Counting starts at 1',
  }),
  'no-folder': ({ folder }) => ({
    exit: CHECK_ERROR,
    message: `error getting app source type: error getting app source type: lstat ${folder}: no such file or directory`,
  }),
  'unreadable-file': ({ path, why }) => ({ message: `open ${path}: ${why}` }),
  'unreadable-input': ({ path, why }) => ({ exit: CHECK_ERROR, message: `open ${path}: ${why}` }),
  'several-resources': () => ({
    message: 'multiple resources match inputs, use the --all flag to patch multiple resources',
  }),
  'no-match': () => ({ exit: LOG_FATAL }),
  'local-sync-refused': () => ({ exit: LOG_FATAL }),
  'different-spec': ({ message }) => ({ message: `rpc error: code = InvalidArgument desc = ${message}` }),
  'editor-missing': ({ program }) => ({ message: `exec: "${program}": executable file not found in $PATH` }),
  'editor-failed': ({ status }) => ({ message: `exit status ${status}` }),
  'no-answer': () => ({ exit: CHECK_ERROR, message: 'EOF' }),
  'refused-change': ({ message }) => ({ exit: LOG_FATAL, message }),
  'unknown-action': () => ({ exit: CHECK_ERROR, message: 'built-in script does not exist' }),
  'invalid-part': ({ message }) => ({ exit: LOG_FATAL, message, isPlainLog: true }),
  'invalid-number': ({ text, parser }) => ({
    exit: CHECK_ERROR,
    message: `${parser}: parsing ${JSON.stringify(text)}: invalid syntax`,
  }),
  'unreadable-project': ({ why }) => ({ exit: CHECK_ERROR, message: `error reading proj from uri: ${why}` }),
  'unreadable-set': ({ file, why, isParsed }) => ({
    exit: CHECK_ERROR,
    message: `error reading applicationset from file ${file}: ${isParsed ? 'error splitting YAML to string: failed to unmarshal manifest' : 'error reading file payload'}: ${why}`,
  }),
  'returned-error': ({ message }) => ({ exit: LOG_FATAL, stdout: `Error: ${message}\n` }),

  'unknown-certificate-type': () => ({ stdout: 'cert-type must be either ssh or https\n' }),
  'choose-kubeconfig-context': ({ table }) => ({
    exit: LOG_FATAL,
    stdout: table,
    level: 'error',
    message: 'Choose a context name from:',
  }),
  'cluster-answer-no': () => ({ exit: LOG_FATAL, stdout: '' }),

  'no-policy-source': () => ({
    help: true,
    exit: LOG_FATAL,
    message: 'please provide exactly one of --policy-file or --namespace',
  }),
  'no-settings-source': () => ({
    exit: CHECK_ERROR,
    message: 'either --argocd-cm-path must be provided or --load-cluster-settings must be set to true',
  }),
  'unreadable-policy': ({ path, why }) => ({
    exit: LOG_FATAL,
    message: `error opening policy file: open ${path}: ${why}`,
  }),
  'invalid-policy': ({ policy }) => ({
    exit: LOG_FATAL,
    message: `invalid user policy: policy syntax error: ${policy}`,
  }),
  'empty-policy': () => ({ exit: LOG_FATAL, message: 'Policy is empty or could not be loaded.' }),
  'unknown-right': ({ problem }) => ({ exit: LOG_FATAL, message: `error in RBAC request: ${problem}` }),
  'no-cluster-client': ({ what }) => ({
    exit: LOG_FATAL,
    message: `could not ${what}: ${NO_KUBECONFIG}`,
  }),

  'no-configuration': () => ({ exit: LOG_FATAL, stdout: 'No local configuration found\n' }),
  'no-current-context': () => ({ message: 'error resolving context: local config: current-context unset' }),
  'undefined-entry': () => ({ exit: LOG_FATAL }),
  'unresolved-context': ({ message }) => ({ exit: LOG_FATAL, message: `error resolving context: ${message}` }),
  'no-login': () => ({ exit: LOG_FATAL }),
  'no-context': () => ({ exit: LOG_FATAL, message: 'No context found. Login using `argocd login`' }),
  'login-declined': () => ({ exit: LOG_FATAL, stdout: '' }),
  'login-unreachable': ({ message, connection }) => ({
    exit: CHECK_ERROR,
    message: connection ? dialError(connection.address, connection.says) : message,
  }),
  'invalid-header': ({ address, message }) => ({ message: noConnection(address, message) }),

  'went-degraded': ({ application, from }) => ({
    message: `application '${application}' health state has transitioned from ${from} to Degraded`,
  }),
  'wait-timed-out': ({ application, milliseconds }) => ({
    message: `timed out (${Math.round(milliseconds / 1000)}s) waiting for app "${application}" match desired state`,
  }),
  'operation-failed': ({ phase }) => ({ message: `Operation has completed with phase: ${phase}` }),
  'pruning-required': ({ count }) => ({ message: `${count} resources require pruning` }),
  'log-stream-failed': () => ({ exit: LOG_FATAL, lead: 'stream read failed: ' }),
  'chosen-exit': ({ exit }) => ({ exit, stdout: '' }),

  'connection-failed': ({ address, says }) => ({
    exit: LOG_FATAL,
    message: noConnection(address, dialError(address, says)),
  }),
  'sso-failed': () => ({ exit: LOG_FATAL }),
  'sso-not-configured': () => ({ exit: CHECK_ERROR }),
  'no-ready-pod': ({ selector }) => ({
    exit: LOG_FATAL,
    message: `cannot find ready pod with selector: [${selector}]`,
  }),
  'no-kubeconfig': () => ({
    message: `error creating client config: ${NO_KUBECONFIG}`,
  }),
};

const noConnection = (address: string, why: string): string => `Failed to establish connection to ${address}: ${why}`;

const dialError = (address: string, says: string): string => `error dial proxy: dial tcp ${address}: connect: ${says}`;

const unknownFlag = (flag: string): string =>
  flag.startsWith('--') ? `unknown flag: ${flag}` : `unknown shorthand flag: '${flag.slice(1, 2)}' in ${flag}`;

/** Go's parsers, as their errors name them. */
const PARSERS: Readonly<Partial<Record<FlagType, string>>> = {
  int: 'strconv.ParseInt',
  uint: 'strconv.ParseUint',
  int64Slice: 'strconv.ParseInt',
  bool: 'strconv.ParseBool',
};

function parseError(type: FlagType, text: string): string {
  const parser = PARSERS[type];
  return parser === undefined ? `time: invalid duration "${text}"` : `${parser}: parsing "${text}": invalid syntax`;
}

const suggestion = (near: readonly string[]): string =>
  near.length > 0 ? `\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join('')}\n` : '';
