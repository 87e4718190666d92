// Whether repositories can be reached: asked once an hour, and kept between processes.

import type { Cache } from '../../cache/cache.ts';
import { asHawserError, type HawserError } from '../../core/errors.ts';
import { isObject, textAt } from '../../core/json.ts';
import { type Clock, timestamp } from '../../core/time.ts';
import type { ConnectionState, RepositorySettings } from '../../model/repository.ts';
import { testFailure } from './test-failure.ts';

export interface ConnectionStates {
  /** As it was found within the last hour, or is now. */
  of(repository: RepositorySettings, options: { readonly force: boolean }): Promise<ConnectionState>;
  forget(repository: RepositorySettings): Promise<void>;
}

interface StatesOptions {
  readonly cache: Cache;
  readonly clock: Clock;
  /** Throws why a repository cannot be read. */
  readonly test: (repository: RepositorySettings) => Promise<void>;
}

const TTL_MS = 3_600_000;

export function createConnectionStates({ cache, clock, test }: StatesOptions): ConnectionStates {
  const keyOf = ({ repo, project = '' }: RepositorySettings): string => `repository-state|${project}|${repo}`;
  return {
    of: async (repository, { force }) => {
      const cached = force ? undefined : stateIn(await cache.get(keyOf(repository)));
      if (cached) return cached;
      const attemptedAt = timestamp(clock.now());
      const failure = await test(repository).then(
        () => undefined,
        (thrown: unknown) => asHawserError(thrown),
      );
      const state = failure
        ? { ...FAILED, message: messageOf(failure, repository), attemptedAt }
        : { ...SUCCESSFUL, attemptedAt };
      await cache.set(keyOf(repository), JSON.stringify(state), TTL_MS);
      return state;
    },
    forget: (repository) => cache.delete(keyOf(repository)),
  };
}

export const SUCCESSFUL = { status: 'Successful', message: '' } as const;
const FAILED = { status: 'Failed' } as const;

const messageOf = (failure: HawserError, { repo }: RepositorySettings): string =>
  `Unable to connect to repository: ${testFailure(failure, repo).message}`;

function stateIn(text: string | undefined): ConnectionState | undefined {
  const value: unknown = text === undefined ? undefined : JSON.parse(text);
  if (!isObject(value)) return undefined;
  return {
    status: textAt(value, 'status'),
    message: textAt(value, 'message'),
    attemptedAt: textAt(value, 'attemptedAt'),
  };
}
