import type { Command } from 'commander';
import { createRepository, getRepository } from '../../../../api/repositories.ts';
import { HawserError } from '../../../../core/errors.ts';
import { textAt } from '../../../../core/json.ts';
import { omitUndefined } from '../../../../core/omit-undefined.ts';
import { fits } from '../../../../core/shape.ts';
import { repositoryOfTexts, repositorySecret, SECRET_KEYS, SECRET_TYPES } from '../../../../model/connection-secret.ts';
import {
  hasCredentials,
  type RepositorySettings,
  repositoryConnection,
  repositorySettings,
} from '../../../../model/repository.ts';
import type { Context } from '../../../context.ts';
import { REPOSITORY_FLAGS } from '../../../input/access-flags.ts';
import { defineCommand } from '../../../input/command.ts';
import { documentFlags, type Reading, readConnections, writeSecrets } from '../../../input/connection-documents.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { repositoryFrom } from '../../../input/repository-settings.ts';
import { RESULT_FLAG, writeResult } from '../../../output/result.ts';

const REPO_ADD_FLAGS = [
  ...REPOSITORY_FLAGS,
  { name: 'upsert', type: 'bool', summary: 'replace the repository if it is there with other settings' },
  ...documentFlags('repositories'),
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type RepoAddOptions = OptionsOf<typeof REPO_ADD_FLAGS>;

export function repoAddCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'add',
      description:
        'Adds a repository with what opens it. The server tests the connection first, and saves nothing when it fails. In a terminal it asks for what is missing.',
      arguments: ['[repourl]'],
      flags: REPO_ADD_FLAGS,
      examples: [
        { about: 'Answer questions', line: 'hawser repo add' },
        {
          about: 'Add a private repository; the token comes by stdin',
          line: 'hawser repo add https://git.example.com/shop/deploy.git --username ci --password-stdin < token.txt',
        },
        {
          about: 'Add a repository with an ssh key',
          line: 'hawser repo add git@git.example.com:shop/deploy.git --ssh-private-key-path ~/.ssh/deploy',
        },
        {
          about: 'Add a Helm repository',
          line: 'hawser repo add https://charts.example.com --type helm --name charts',
        },
        {
          about: 'Write the Secret to a file, for Git',
          line: 'hawser repo add https://git.example.com/shop/deploy.git --project shop --dry-run -o yaml > repository.yaml',
        },
        { about: 'Add many from a file', line: 'hawser repo add -f repositories.yaml --upsert' },
      ],
    },
    (options, url) => runAdd(url, options, context),
  );
}

async function runAdd(url: string | undefined, options: RepoAddOptions, context: Context): Promise<void> {
  const { file, dryRun = false, output, upsert = false } = options;
  if (file !== undefined && url !== undefined)
    throw new HawserError('usage', 'a URL and -f exclude each other', { hint: 'leave one of them out' });
  const isAsked = url === undefined && file === undefined;
  if (isAsked && !context.prompt.interactive) throw nothingNamed();
  const repositories =
    file === undefined ? [await repositoryOf(url, options, context)] : await readConnections(file, READING, context);
  if (dryRun) return writeSecrets(repositories.map(repositorySecret), output, context);
  const results: object[] = [];
  for (const repository of repositories) results.push(await addOne(repository, { upsert, output }, context));
  await writeResult(results.length === 1 ? results[0] : results, { output, text: () => undefined }, context);
}

const nothingNamed = (): HawserError =>
  new HawserError('usage', 'hawser repo add needs a URL, or -f', {
    hint: 'hawser repo add https://git.example.com/shop/deploy.git',
    reason: { kind: 'incomplete-command' },
  });

async function repositoryOf(
  url: string | undefined,
  options: RepoAddOptions,
  context: Context,
): Promise<RepositorySettings> {
  if (url !== undefined) return repositoryFrom(url, options, context);
  const { askForUrl, askForLogin } = await import('./questions.ts');
  const repo = await askForUrl(context);
  const settings = await repositoryFrom(repo, options, context);
  return hasCredentials(settings) ? settings : { ...settings, ...(await askForLogin(repo, context)) };
}

const READING: Reading<RepositorySettings> = {
  type: SECRET_TYPES.repository,
  keys: SECRET_KEYS.repository,
  shape: repositoryConnection,
  ofTexts: repositoryOfTexts,
  ofObject: (object) => {
    const repository = { ...object, repo: textAt(object, 'repo') || textAt(object, 'url') };
    if (repository.repo !== '' && fits(repositorySettings, repository)) return repository;
    throw new HawserError(
      'usage',
      `no repository: ${repositorySettings.problem(repository, '') ?? 'repo is missing'}`,
      {
        hint: 'give Secrets as --dry-run prints them, or objects with repo, username, …',
      },
    );
  },
};

interface AddOptions {
  readonly upsert: boolean;
  readonly output: string | undefined;
}

async function addOne(
  repository: RepositorySettings,
  { upsert, output }: AddOptions,
  context: Context,
): Promise<object> {
  const { client } = await context.connect();
  const add = (repo: RepositorySettings): Promise<unknown> => client.call(createRepository, { repo, upsert });
  const { repo, project } = repository;
  try {
    await add(repository);
  } catch (thrown) {
    const failure = connectionFailure(thrown, repo);
    if (!failure || !context.prompt.interactive || hasCredentials(repository))
      throw context.policy.own.add(() => failure ?? thrown, thrown);
    context.say(failure.message);
    const { askForLogin } = await import('./questions.ts');
    await add({ ...repository, ...(await askForLogin(repo, context)) }).catch((again: unknown) => {
      throw connectionFailure(again, repo) ?? again;
    });
  }
  if (output === undefined) context.io.out.write(`Repository '${repo}' added\n`);
  // The server saves a repository of one project without a test.
  const state = project ? await context.policy.own.add(() => stateOf(repository, context), undefined) : undefined;
  return { repo, ...omitUndefined({ project }), result: 'added', ...(state ? { connection: state } : {}) };
}

async function stateOf({ repo, project = '' }: RepositorySettings, context: Context): Promise<string> {
  const { client } = await context.connect();
  const { connectionState } = await client.call(getRepository, { repo, appProject: project, forceRefresh: true });
  const { status, message } = connectionState;
  if (status !== 'Successful')
    context.policy.wording.advise(`warning: saved, but ${shortened(message) || 'it cannot be reached'}`, context);
  return status;
}

const TESTING = /^error testing repository connectivity: /;
const shortened = (message: string): string =>
  message
    .replace(/^.*failed to list refs: /s, '')
    .replace(/^Unable to connect to repository: /, '')
    .replace(TESTING, '')
    .replace(/^Get .*dial tcp (\S+): connect: connection refused$/s, 'nobody listens at $1')
    .replace(/[: ]+$/, '');

/** A failed test in our own words; undefined for any other failure. */
function connectionFailure(thrown: unknown, url: string): HawserError | undefined {
  if (!(thrown instanceof HawserError) || !TESTING.test(thrown.message)) return undefined;
  const isAway = /connection refused|no such host|i\/o timeout/.test(thrown.message);
  return thrown.with({
    code: isAway ? 'unreachable' : 'invalid',
    message: `cannot connect to '${url}': ${shortened(thrown.message)}`,
  });
}
