// `app create` with nothing given: what a person is asked, and what is shown before anything is created.

import { listClusters, listRepositories, listRepositoryApplications } from '../../../../api/connections.ts';
import type { Client } from '../../../../client/client.ts';
import { HawserError } from '../../../../core/errors.ts';
import { formatYaml } from '../../../../core/yaml.ts';
import { IN_CLUSTER } from '../../../../model/cluster.ts';
import type { Context } from '../../../context.ts';
import type { Prompt } from '../../../io/prompt.ts';
import { applicationFromFlags } from '../spec/application-file.ts';
import type { SpecFlags } from '../spec/flags.ts';

export interface Given {
  readonly name: string | undefined;
  readonly flags: SpecFlags;
}

export interface Answers {
  readonly name: string;
  readonly flags: SpecFlags;
}

const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const OTHER = '';

export async function askForApplication(preset: Given, context: Context): Promise<Answers> {
  const { client } = await context.connect();
  const { prompt } = context;
  const name = preset.name ?? (await askName(prompt));
  const repo = preset.flags.repo ?? (await askRepository(prompt, client));
  const revision = preset.flags.revision ?? (await prompt.text({ message: 'Revision', preset: 'HEAD' }));
  const source = preset.flags.path ?? preset.flags.helmChart ?? (await askPath(prompt, client, { repo, revision }));
  const destServer = preset.flags.destServer ?? preset.flags.destName ?? (await askCluster(prompt, client));
  const destNamespace = preset.flags.destNamespace ?? (await prompt.text({ message: 'Namespace', preset: 'default' }));
  const policy = preset.flags.syncPolicy === undefined ? await askPolicy(prompt) : {};
  const flags: SpecFlags = {
    ...preset.flags,
    repo,
    revision,
    ...(preset.flags.helmChart === undefined ? { path: source } : {}),
    ...(preset.flags.destName === undefined ? { destServer } : {}),
    destNamespace,
    ...policy,
  };
  await agree({ name, flags }, context);
  return { name, flags };
}

const askName = (prompt: Prompt): Promise<string> =>
  prompt.text({
    message: 'Name',
    check: (value) => (NAME.test(value) ? true : 'lower-case letters, digits, - and . only, like guestbook'),
  });

async function askRepository(prompt: Prompt, client: Client): Promise<string> {
  const repositories = await client.call(listRepositories, {}).catch(() => ({ items: [] }));
  const urls = (repositories.items ?? []).map((item) => item.repo);
  const url = urls.length === 0 ? OTHER : await chooseOr(prompt, 'Repository', urls, 'another one');
  if (url !== OTHER) return url;
  return prompt.text({
    message: 'Repository (URL or folder)',
    check: (value) => (value.trim() === '' ? 'an https://, ssh or file:// URL, or a folder' : true),
  });
}

async function askPath(
  prompt: Prompt,
  client: Client,
  { repo, revision }: { readonly repo: string; readonly revision: string },
): Promise<string> {
  const apps = await client
    .call(listRepositoryApplications, { repo, revision, appProject: 'default' })
    .catch(() => ({ items: [] }));
  const paths = (apps.items ?? []).map((item) => item.path ?? '').filter((path) => path !== '');
  const choice = paths.length === 0 ? OTHER : await chooseOr(prompt, 'Path', paths, 'another folder');
  return choice === OTHER ? prompt.text({ message: 'Path in the repository', preset: '.' }) : choice;
}

async function askCluster(prompt: Prompt, client: Client): Promise<string> {
  const clusters = await client.call(listClusters, {}).catch(() => ({ items: [] }));
  const servers = (clusters.items ?? []).map((cluster) => cluster.server);
  if (servers.length < 2) return prompt.text({ message: 'Cluster', preset: servers[0] ?? IN_CLUSTER.server });
  return prompt.choose({ message: 'Cluster', choices: servers.map((value) => ({ name: value, value })) });
}

const chooseOr = (prompt: Prompt, message: string, values: readonly string[], other: string): Promise<string> =>
  prompt.choose({
    message,
    choices: [...values.map((value) => ({ name: value, value })), { name: other, value: OTHER }],
  });

async function askPolicy(prompt: Prompt): Promise<SpecFlags> {
  const policy = await prompt.choose({
    message: 'Sync policy',
    choices: [
      { name: 'manual: deploy on request', value: 'manual' },
      { name: 'automated: deploy every commit', value: 'automated' },
      { name: 'automated, with prune and self-heal', value: 'full' },
    ],
  });
  if (policy === 'full') return { syncPolicy: 'automated', autoPrune: true, selfHeal: true };
  return policy === 'automated' ? { syncPolicy: policy } : {};
}

async function agree({ name, flags }: Answers, context: Context): Promise<void> {
  const application = applicationFromFlags(name, flags);
  context.say(`\n${formatYaml({ kind: 'Application', ...application })}`);
  context.say(`To do the same without prompts:\n\n  ${commandLine({ name, flags })}\n`);
  if (await context.prompt.confirm({ message: `Create '${name}'?`, preset: true })) return;
  throw new HawserError('interrupted', 'nothing was created');
}

/** The command line that does the same without a question. */
function commandLine({ name, flags }: Answers): string {
  const words = ['hawser app create', name];
  for (const [key, value] of Object.entries(flags)) {
    const flag = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (!SHOWN.has(key)) continue;
    if (value === true) words.push(flag);
    else if (typeof value === 'string' || typeof value === 'number') words.push(flag, quoted(String(value)));
    else if (Array.isArray(value)) for (const item of value) words.push(flag, quoted(String(item)));
  }
  return words.join(' ');
}

const SHOWN: ReadonlySet<string> = new Set([
  'repo',
  'revision',
  'path',
  'helmChart',
  'destServer',
  'destName',
  'destNamespace',
  'project',
  'syncPolicy',
  'autoPrune',
  'selfHeal',
  'allowEmpty',
  'syncOption',
  'values',
  'helmSet',
  'parameter',
]);

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
