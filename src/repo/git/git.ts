// Running git: never asking, never loading filters, within 15 s a request.

import { join } from 'node:path';
import { HawserError } from '../../core/errors.ts';
import type { Clock } from '../../core/time.ts';
import { withoutLogins } from '../../core/url.ts';
import { refuseLinkLocal } from '../address.ts';
import { childEnvironment } from '../environment.ts';
import { execute, type ProcessResult } from '../execute.ts';
import type { Repository } from '../request.ts';
import type { Tools } from '../tools.ts';
import { secretsOf, withCredentials } from './credentials.ts';
import { gitFailure, isTransient } from './failure.ts';

export interface GitSettings {
  /** For short-lived files. */
  readonly folder: string;
  readonly tools: Tools;
  readonly clock: Clock;
  readonly environment: NodeJS.ProcessEnv;
}

interface ReadOptions {
  readonly input?: string;
  readonly limitBytes?: number;
  /** The descriptor of a file that takes what git writes. */
  readonly output?: number;
  readonly environment?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

export interface Git {
  /** Runs a command on a Git folder of this machine; the caller judges its outcome. */
  read(gitFolder: string, words: readonly string[], options?: ReadOptions): Promise<ProcessResult>;
  /** Runs a command that speaks to a repository elsewhere; tries again what may pass, throws what does not. */
  speak(repository: Repository, words: readonly string[]): Promise<ProcessResult>;
}

const REQUEST_TIMEOUT_MS = 15_000;
const TRANSFER_TIMEOUT_MS = 90_000;
const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 250;

const QUIET: NodeJS.ProcessEnv = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_LFS_SKIP_SMUDGE: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh',
};

export function createGit({ folder, tools, clock, environment }: GitSettings): Git {
  const scratch = join(folder, 'scratch');

  const run = async (
    words: readonly string[],
    extra: NodeJS.ProcessEnv,
    options: Omit<ReadOptions, 'environment'> & { readonly timeoutMs: number },
  ): Promise<ProcessResult> =>
    execute({
      program: await tools.find('git'),
      name: 'git',
      arguments: words,
      environment: childEnvironment(environment, { ...QUIET, ...extra }),
      ...options,
    });

  const tryToSpeak = async (repository: Repository, words: readonly string[]): Promise<ProcessResult> => {
    await refuseLinkLocal(repository);
    const timeoutMs = words.includes('ls-remote') ? REQUEST_TIMEOUT_MS : TRANSFER_TIMEOUT_MS;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await withCredentials(repository, scratch, (extra) =>
        run(words, extra, { timeoutMs }).catch((thrown: unknown) => {
          if (!(thrown instanceof HawserError) || thrown.code !== 'timed-out') throw thrown;
          throw new HawserError(
            'unreachable',
            `repository '${withoutLogins(repository.url)}' did not answer within ${timeoutMs / 1000} s`,
            { hint: 'check the network and the proxy settings, and try again', cause: thrown },
          );
        }),
      );
      if (outcome.code === 0) return outcome;
      if (attempt === ATTEMPTS || !isTransient(outcome.stderr)) {
        throw gitFailure(repository.url, outcome.stderr, secretsOf(repository.credentials));
      }
      await clock.sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  };

  return {
    // A Git folder that is named, not searched for, needs no `safe.directory`: the user pointed at it.
    read: (gitFolder, words, { environment: extra = {}, ...options } = {}) =>
      run(['--git-dir', gitFolder, ...words], extra, { timeoutMs: REQUEST_TIMEOUT_MS, ...options }),
    speak: tryToSpeak,
  };
}
