// Who may call: the account `admin`, by its password and its tokens.

import type { Head } from '../../api/exchange.ts';
import type { Account } from '../../api/sessions.ts';
import { HawserError } from '../../core/errors.ts';
import type { Clock } from '../../core/time.ts';
import { type AdminSecretOptions, createAdminSecret } from './admin-secret.ts';
import { ACCOUNTS, type Caller } from './enforcer.ts';
import { signToken, tokenOf, verifyToken } from './tokens.ts';

export interface Sessions {
  /** A session token for 24 hours; throws `not-logged-in`. */
  login(username: string, password: string): Promise<string>;
  /** Who sends a request; throws `not-logged-in`. */
  authenticate(head: Head): Promise<Caller>;
  account(): Promise<Account>;
  updatePassword(name: string, current: string, next: string): Promise<void>;
  /** The first password, as long as nobody has deleted its Secret. Makes one where there is none. */
  initialPassword(): Promise<string | undefined>;
}

const ADMIN = 'admin';
const MAX_USERNAME_BYTES = 32;

export function createSessions(options: AdminSecretOptions): Sessions {
  const { clock } = options;
  const admin = createAdminSecret(options);
  const failures = createFailureLimit(clock);
  return {
    login: async (username, password) => {
      if (password === '') throw notLoggedIn('Blank passwords are not allowed');
      if (username.length > MAX_USERNAME_BYTES)
        throw new HawserError('invalid', `Username is too long (${MAX_USERNAME_BYTES} bytes max)`);
      const isRight = !failures.isReached() && (await admin.matches(password)) && username === ADMIN;
      if (!isRight) {
        failures.add();
        throw notLoggedIn('Invalid username or password');
      }
      failures.reset();
      return signToken(ADMIN, await admin.signingKey(), clock.now());
    },
    authenticate: async (head) => {
      const token = tokenOf(head);
      if (token === undefined) throw notLoggedIn('no session information');
      const { account, issuedAt } = await verifyToken(token, await admin.signingKey(), clock.now());
      // A token has whole seconds.
      if (issuedAt * 1000 < (await admin.passwordChangedAt()) - 1000)
        throw notLoggedIn('invalid session: account password has changed since token issued');
      return { username: account, issuer: ACCOUNTS, groups: [], issuedAt };
    },
    account: async () => ({ name: ADMIN, enabled: true, capabilities: ['login'] }),
    updatePassword: async (name, current, next) => {
      if (name !== ADMIN) throw new HawserError('not-found', `account '${name}' does not exist`);
      if (!(await admin.matches(current))) throw new HawserError('invalid', 'current password does not match');
      if (!/^.{8,32}$/.test(next)) {
        throw new HawserError('invalid', 'New password does not match the following expression: ^.{8,32}$.', {
          details: { grpc: 2 },
        });
      }
      await admin.setPassword(next);
    },
    initialPassword: () => admin.initialPassword(),
  };
}

const MAX_FAILURES = 5;
const FAILURE_WINDOW_MS = 300_000;

interface FailureLimit {
  isReached(): boolean;
  add(): void;
  reset(): void;
}

/** So many failed logins within five minutes, and none succeeds any more. */
function createFailureLimit(clock: Clock): FailureLimit {
  const failures: number[] = [];
  return {
    isReached: () => {
      const since = clock.now() - FAILURE_WINDOW_MS;
      while (failures[0] !== undefined && failures[0] < since) failures.shift();
      return failures.length >= MAX_FAILURES;
    },
    add: () => failures.push(clock.now()),
    reset: () => {
      failures.length = 0;
    },
  };
}

function notLoggedIn(message: string): HawserError {
  return new HawserError('not-logged-in', message);
}
