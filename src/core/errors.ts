// Every failure has a name. One table turns names to exit codes; nothing else exits.

export const EXIT_CODES = {
  differs: 1,
  usage: 2,
  'not-logged-in': 3,
  'not-allowed': 3,
  'not-found': 4,
  'sync-failed': 5,
  unhealthy: 6,
  'timed-out': 7,
  unreachable: 8,
  busy: 9,
  'blocked-by-window': 10,
  'needs-decision': 11,
  interrupted: 130,
  terminated: 143,
  'already-exists': 20,
  conflict: 20,
  invalid: 20,
  'too-many-requests': 20,
  'not-implemented': 20,
  'bad-answer': 20,
  'missing-tool': 20,
  'broken-state': 20,
  internal: 20,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof EXIT_CODES;

/**
 * The kinds of failure that something in this process tells apart, each with its facts. A layer adds its own kinds where it
 * throws them: `declare module '…/core/errors.ts' { interface Reasons { 'kind': Facts } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: the layers above fill it
export interface Reasons {}

/** What happened, more exactly than the code says: a kind and its facts. */
export type Reason<Kind extends keyof Reasons = keyof Reasons> = {
  readonly [K in Kind]: { readonly kind: K } & Reasons[K];
}[Kind];

export interface ErrorExtra {
  /** What to do next; starts with a command that can be pasted where there is one. */
  readonly hint?: string;
  /** Machine-readable facts for `-o json`. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** For code that must decide by it; never printed. */
  readonly reason?: Reason;
  readonly cause?: unknown;
}

export interface ErrorChange extends ErrorExtra {
  readonly code?: ErrorCode;
  readonly message?: string;
}

/** The one error class: a name, a sentence in lower case without a full stop, a hint. */
export class HawserError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly reason: Reason | undefined;

  constructor(code: ErrorCode, message: string, extra: ErrorExtra = {}) {
    super(message, extra.cause === undefined ? undefined : { cause: extra.cause });
    this.name = 'HawserError';
    this.code = code;
    this.hint = extra.hint;
    this.details = extra.details;
    this.reason = extra.reason;
  }

  /** A copy with what `change` says. Details are merged, the rest is replaced; this error is the cause of the copy. */
  with(change: ErrorChange): HawserError {
    const { code = this.code, message = this.message, hint = this.hint, reason = this.reason, cause = this } = change;
    const details = this.details || change.details ? { ...this.details, ...change.details } : undefined;
    return new HawserError(code, message, { hint, details, reason, cause });
  }
}

/** Whatever was thrown, as a HawserError: what nobody named is `internal`. */
export function asHawserError(thrown: unknown): HawserError {
  if (thrown instanceof HawserError) return thrown;
  return new HawserError('internal', messageOf(thrown), { cause: thrown });
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The `code` of a Node system error (ENOENT, EACCES, …), or ''. */
export function systemCode(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}
