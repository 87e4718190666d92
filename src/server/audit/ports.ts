// What the audit needs of the system, and knows of a call and of who asks for it.

import type { Right } from '../../api/rights.ts';
import type { Clock } from '../../core/time.ts';
import type { Caller } from '../auth/enforcer.ts';
import type { Route, RoutedRequest } from '../http/route.ts';

export interface AuditOptions {
  /** Where it is kept, in files of its own. */
  readonly folder: string;
  /** Of the system. */
  readonly namespace: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: (message: string) => void;
  /** Who sends a webhook, by its headers. */
  readonly senderOf: (headers: Readonly<Record<string, string>>) => string | undefined;
  /** The user of the operating system. */
  readonly user: () => string;
}

/** A call that is to be watched. */
export interface WatchedCall {
  readonly route: Pick<Route, 'method' | 'path'>;
  readonly request: RoutedRequest;
  readonly caller: Caller;
}

export interface Reader {
  readonly username: string;
  may(right: Right): boolean;
  readonly mayEverything: boolean;
}
