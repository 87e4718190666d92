import type { Command } from 'commander';
import { createCredentials } from '../../../api/repository-credentials.ts';
import { HawserError } from '../../../core/errors.ts';
import { textAt } from '../../../core/json.ts';
import { omitUndefined } from '../../../core/omit-undefined.ts';
import { fits } from '../../../core/shape.ts';
import { credentialsOfTexts, credentialsSecret, SECRET_KEYS, SECRET_TYPES } from '../../../model/connection-secret.ts';
import { hasCredentials, type RepositoryCredentials, repositoryCredentials } from '../../../model/repository.ts';
import type { Context } from '../../context.ts';
import { ACCESS_FLAGS, accessOf } from '../../input/access-flags.ts';
import { defineCommand } from '../../input/command.ts';
import { documentFlags, type Reading, readConnections, writeSecrets } from '../../input/connection-documents.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';

const REPOCREDS_ADD_FLAGS = [
  ...ACCESS_FLAGS,
  { name: 'proxy-url', type: 'string', value: 'URL', summary: 'proxy to reach the repositories by' },
  { name: 'upsert', type: 'bool', summary: 'replace the credentials if they are there with other settings' },
  ...documentFlags('credentials'),
  RESULT_FLAG,
] as const satisfies readonly Flag[];

type AddOptions = OptionsOf<typeof REPOCREDS_ADD_FLAGS>;

export function repocredsAddCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'add',
      description:
        'Adds credentials for all repositories whose URL begins with a URL. Of several that fit, the longest counts; a repository with credentials of its own does not need them.',
      arguments: ['[repourl]'],
      flags: REPOCREDS_ADD_FLAGS,
      examples: [
        {
          about: 'Open all repositories of a group with a token',
          line: 'hawser repocreds add https://git.example.com/shop --username ci --password-stdin < token.txt',
        },
        {
          about: 'Open all repositories of a host with an ssh key',
          line: 'hawser repocreds add git@git.example.com: --ssh-private-key-path ~/.ssh/deploy',
        },
        { about: 'Add many from a file', line: 'hawser repocreds add -f credentials.yaml --upsert' },
      ],
    },
    (options, url) => runAdd(url, options, context),
  );
}

async function runAdd(url: string | undefined, options: AddOptions, context: Context): Promise<void> {
  const { file, dryRun = false, output, upsert = false } = options;
  if ((url === undefined) === (file === undefined))
    throw new HawserError('usage', 'hawser repocreds add needs a URL, or -f', {
      hint: 'hawser repocreds add https://git.example.com/shop --username ci --password-stdin',
      reason: { kind: 'incomplete-command' },
    });
  const all =
    url === undefined ? await readConnections(file ?? '-', READING, context) : [await fromFlags(url, options, context)];
  if (dryRun) return writeSecrets(all.map(credentialsSecret), output, context);
  const { client } = await context.connect();
  const results: object[] = [];
  for (const creds of all) {
    await client.call(createCredentials, { creds, upsert });
    if (output === undefined) context.io.out.write(`Repository credentials for '${creds.url}' added\n`);
    results.push({ url: creds.url, result: 'added' });
  }
  await writeResult(results.length === 1 ? results[0] : results, { output, text: () => undefined }, context);
}

async function fromFlags(url: string, options: AddOptions, context: Context): Promise<RepositoryCredentials> {
  const access = await accessOf(url, options, context);
  if (!hasCredentials(access))
    context.policy.wording.advise(`warning: these credentials for '${url}' hold no login`, context);
  return { url, ...access, ...omitUndefined({ proxy: options.proxyUrl }) };
}

const READING: Reading<RepositoryCredentials> = {
  type: SECRET_TYPES.credentials,
  keys: SECRET_KEYS.credentials,
  shape: repositoryCredentials,
  ofTexts: credentialsOfTexts,
  ofObject: (object) => {
    if (textAt(object, 'url') !== '' && fits(repositoryCredentials, object)) return object;
    throw new HawserError('usage', `no credentials: ${repositoryCredentials.problem(object, '') ?? 'url is missing'}`, {
      hint: 'give Secrets as --dry-run prints them, or objects with url, username, …',
    });
  },
};
