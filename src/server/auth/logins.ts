// Who logs in by name and password: slowly for those who guess.

import { HawserError } from '../../core/errors.ts';
import type { Clock } from '../../core/time.ts';
import { ADMIN, type LocalAccount } from './accounts.ts';
import type { Passwords } from './passwords.ts';

const MAX_USERNAME_BYTES = 32;
const MAX_FAILURES = 5;
const FAILURE_WINDOW_MS = 300_000;
/** Names that were tried and failed: who tries more of them makes room of what others tried. */
const MAX_NAMES = 10_000;

export interface Logins {
  /** Throws `not-logged-in`. */
  check(username: string, password: string): Promise<LocalAccount>;
}

export interface LoginOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly passwords: Pick<Passwords, 'matches'>;
  readonly accounts: () => readonly LocalAccount[];
}

export function createLogins({ clock, passwords, accounts }: LoginOptions): Logins {
  const failures = createFailures(clock);
  return {
    check: async (username, password) => {
      if (password === '') throw refused('Blank passwords are not allowed');
      if (Buffer.byteLength(username) > MAX_USERNAME_BYTES)
        throw new HawserError('invalid', `Username is too long (${MAX_USERNAME_BYTES} bytes max)`);
      if (failures.areTooMany(username)) throw refused('Invalid username or password');
      const account = accounts().find(({ name }) => name === username);
      if (!(await passwords.matches(password, account?.passwordHash ?? '')) || !account) {
        failures.add(username);
        throw refused('Invalid username or password');
      }
      if (!account.isEnabled) throw refused(`Account ${username} is disabled`);
      if (!account.capabilities.includes('login')) throw refused(`Account ${username} does not have login capability`);
      failures.forget(username);
      return account;
    },
  };
}

interface Failures {
  areTooMany(username: string): boolean;
  add(username: string): void;
  forget(username: string): void;
}

/** So many failures of a name, and for five minutes after the last one none succeeds any more. */
function createFailures({ now }: Pick<Clock, 'now'>): Failures {
  const failures = new Map<string, { readonly count: number; readonly last: number }>();
  const recent = (username: string): number => {
    const known = failures.get(username);
    return known && known.last >= now() - FAILURE_WINDOW_MS ? known.count : 0;
  };
  return {
    areTooMany: (username) => recent(username) >= MAX_FAILURES,
    add: (username) => {
      const count = recent(username) + 1;
      failures.delete(username);
      const oldest = [...failures.keys()].find((name) => name !== ADMIN);
      if (failures.size >= MAX_NAMES && oldest !== undefined) failures.delete(oldest);
      failures.set(username, { count, last: now() });
    },
    forget: (username) => failures.delete(username),
  };
}

function refused(message: string): HawserError {
  return new HawserError('not-logged-in', message);
}
