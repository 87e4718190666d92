// What `app create` asks, a step each. An answer is checked where it is given, and '<' goes back to the step before.

import { listApplications } from '../../../../api/applications.ts';
import { listClusters } from '../../../../api/clusters.ts';
import { listProjects } from '../../../../api/projects.ts';
import { listReferences, listRepositories, listRepositoryApplications } from '../../../../api/repositories.ts';
import type { Client } from '../../../../client/client.ts';
import { HawserError, messageOf } from '../../../../core/errors.ts';
import { sourcesOf } from '../../../../model/application.ts';
import { IN_CLUSTER } from '../../../../model/cluster.ts';
import type { Context } from '../../../context.ts';
import { applicationNameOf, isApplicationName } from '../../../input/application-name.ts';
import { readableRepository } from '../../../input/git-folder.ts';
import type { Choice } from '../../../io/questions.ts';
import type { SpecFlags } from '../spec/flags.ts';

export interface Draft {
  readonly name?: string;
  readonly flags: SpecFlags;
}

export interface Asking {
  readonly context: Context;
  readonly client: Client;
}

export interface Step {
  readonly title: string;
  /** Whether the draft has its answer. */
  readonly isSaid: (draft: Draft) => boolean;
  /** The answer as review shows it. */
  readonly shown: (draft: Draft) => string;
  /** The draft with the answer; undefined goes back. */
  readonly ask: (draft: Draft, asking: Asking) => Promise<Draft | undefined>;
  /** Whether the source calls for it; undefined: always. */
  readonly applies?: (draft: Draft) => boolean;
}

const BACK = '<';
const OTHER = '';
const NAMESPACE = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

export const withFlags = (draft: Draft, flags: SpecFlags): Draft => ({ ...draft, flags: { ...draft.flags, ...flags } });

export const STEPS: readonly Step[] = [
  {
    title: 'Repository',
    isSaid: ({ flags }) => flags.repo !== undefined,
    shown: ({ flags }) => flags.repo ?? '',
    ask: askRepository,
  },
  {
    title: 'Revision',
    isSaid: ({ flags }) => flags.revision !== undefined,
    shown: ({ flags }) => flags.revision ?? 'HEAD',
    ask: askRevision,
  },
  {
    title: 'Path',
    isSaid: ({ flags }) => flags.path !== undefined || flags.helmChart !== undefined,
    shown: ({ flags }) => flags.path ?? flags.helmChart ?? '',
    ask: askPath,
  },
  {
    title: 'Name',
    isSaid: ({ name }) => name !== undefined,
    shown: ({ name }) => name ?? '',
    ask: askName,
  },
  {
    title: 'Cluster',
    isSaid: ({ flags }) => flags.destServer !== undefined || flags.destName !== undefined,
    shown: ({ flags }) => flags.destServer ?? flags.destName ?? '',
    ask: askCluster,
  },
  {
    title: 'Namespace',
    isSaid: ({ flags }) => flags.destNamespace !== undefined,
    shown: ({ flags }) => flags.destNamespace ?? '',
    ask: askNamespace,
  },
  {
    title: 'Project',
    isSaid: ({ flags }) => flags.project !== undefined,
    shown: ({ flags }) => flags.project ?? 'default',
    ask: askProject,
  },
  {
    title: 'Sync policy',
    isSaid: ({ flags }) => flags.syncPolicy !== undefined,
    shown: ({ flags }) => (flags.selfHeal ? 'automated, with prune and self-heal' : (flags.syncPolicy ?? 'manual')),
    ask: askPolicy,
  },
];

interface TextQuestion {
  readonly message: string;
  readonly preset?: string;
  readonly check: (value: string) => Promise<string | true> | string | true;
}

/** undefined goes back. */
export async function askText(
  { message, preset, check }: TextQuestion,
  { context }: Asking,
): Promise<string | undefined> {
  const answer = await context.prompt.text({
    message: `${message} (< goes back)`,
    ...(preset === undefined ? {} : { preset }),
    check: (value) => (value.trim() === BACK ? true : check(value.trim())),
  });
  return answer.trim() === BACK ? undefined : answer.trim();
}

async function askChoice(
  message: string,
  choices: readonly Choice[],
  { context }: Asking,
): Promise<string | undefined> {
  const answer = await context.prompt.search({ message, choices: [...choices, { name: '< back', value: BACK }] });
  return answer === BACK ? undefined : answer;
}

const asChoices = (values: readonly string[]): Choice[] => values.map((value) => ({ name: value, value }));

/** Whether a check of the server passes; the sentence where it does not. */
async function passes(check: () => Promise<unknown>): Promise<string | true> {
  try {
    await check();
    return true;
  } catch (thrown) {
    const hint = thrown instanceof HawserError && thrown.hint !== undefined ? ` (${thrown.hint})` : '';
    return `${messageOf(thrown)}${hint}`;
  }
}

async function askName(draft: Draft, asking: Asking): Promise<Draft | undefined> {
  const check = async (value: string): Promise<string | true> => {
    if (!isApplicationName(value)) return 'lower-case letters, digits, - and . only, like guestbook';
    return (await isFree(value, asking)) ? true : `an application '${value}' exists already`;
  };
  const preset = draft.name ?? nameFrom(draft.flags);
  const name = await askText({ message: 'Name', ...(preset === '' ? {} : { preset }), check }, asking);
  return name === undefined ? undefined : { ...draft, name };
}

/** Whether no application has a name. */
export async function isFree(name: string, { client }: Asking): Promise<boolean> {
  const { items } = await client.call(listApplications, { name });
  return (items ?? []).length === 0;
}

/** From the chart, the last folder of the path, else the repository. */
export const nameFrom = ({ path = '', repo = '', helmChart }: SpecFlags): string =>
  applicationNameOf(helmChart ?? (path === '' || path === '.' ? repo : path));

async function askRepository(draft: Draft, asking: Asking): Promise<Draft | undefined> {
  const { client, context } = asking;
  const urls = await repositoryUrls(client);
  const choices = [...asChoices(urls), { name: 'another one', value: OTHER }];
  const choice = urls.length === 0 ? OTHER : await askChoice('Repository', choices, asking);
  if (choice === undefined) return undefined;
  if (choice !== OTHER) return withFlags(draft, { repo: choice });
  const check = (value: string): Promise<string | true> | string =>
    value === ''
      ? 'an https://, ssh or file:// URL, or a folder'
      : passes(async () => readRepository(client, await readableRepository(value, context)));
  const answer = await askText({ message: 'Repository (URL or folder)', check }, asking);
  return answer === undefined ? undefined : withFlags(draft, { repo: await readableRepository(answer, context) });
}

/** The registered repositories, and those that applications are made of: a public one need not be registered. */
async function repositoryUrls(client: Client): Promise<readonly string[]> {
  const [registered, applications] = await Promise.all([
    client.call(listRepositories, {}).catch(() => ({ items: [] })),
    client.call(listApplications, {}).catch(() => ({ items: [] })),
  ]);
  const used = (applications.items ?? []).flatMap(({ spec }) => sourcesOf(spec).map(({ repoURL }) => repoURL));
  return [...new Set([...(registered.items ?? []).map(({ repo }) => repo), ...used])]
    .filter((url) => url !== '')
    .sort();
}

const readRepository = (client: Client, repo: string): Promise<unknown> =>
  client.call(listReferences, { repo, appProject: 'default' });

async function askRevision(draft: Draft, asking: Asking): Promise<Draft | undefined> {
  const { repo = '' } = draft.flags;
  const references = await asking.client
    .call(listReferences, { repo, appProject: 'default' })
    .catch(() => ({ branches: [], tags: [] }));
  const names = ['HEAD', ...(references.branches ?? []), ...(references.tags ?? [])];
  const choice = await askChoice('Revision', [...asChoices(names), { name: 'another one', value: OTHER }], asking);
  if (choice !== OTHER) return choice === undefined ? undefined : withFlags(draft, { revision: choice });
  const check = (revision: string): Promise<string | true> => passes(() => folders(asking.client, { repo, revision }));
  const revision = await askText({ message: 'Revision', check }, asking);
  return revision === undefined ? undefined : withFlags(draft, { revision });
}

/** The folders of a repository that hold an application, with the kind of each. */
export async function folders(
  client: Client,
  { repo = '', revision = 'HEAD' }: SpecFlags,
): Promise<readonly { readonly path: string; readonly type: string }[]> {
  const { items } = await client.call(listRepositoryApplications, {
    repo,
    revision,
    appProject: 'default',
    withDirectories: true,
  });
  return (items ?? []).flatMap(({ path = '', type = '' }) => (path === '' ? [] : [{ path, type }]));
}

async function askPath(draft: Draft, asking: Asking): Promise<Draft | undefined> {
  const listed = await folders(asking.client, draft.flags).catch(() => []);
  const choices = [
    ...listed.map(({ path, type }) => ({ name: type === '' ? path : `${path}  ${type}`, value: path })),
    { name: 'another folder', value: OTHER },
  ];
  const choice = listed.length === 0 ? OTHER : await askChoice('Path', choices, asking);
  if (choice !== OTHER) return choice === undefined ? undefined : withFlags(draft, { path: choice });
  const check = (value: string): string | true =>
    /^\/|^\.\.(\/|$)/.test(value) ? 'a folder in the repository, from its root, like deploy/web' : true;
  const path = await askText({ message: 'Path in the repository', preset: '.', check }, asking);
  return path === undefined ? undefined : withFlags(draft, { path });
}

async function askCluster(draft: Draft, asking: Asking): Promise<Draft | undefined> {
  const { items } = await asking.client.call(listClusters, {}).catch(() => ({ items: [] }));
  const clusters = (items ?? []).map(({ server, name }) => ({
    name: name ? `${name}  ${server}` : server,
    value: server,
  }));
  if (clusters.length < 2) return withFlags(draft, { destServer: clusters[0]?.value ?? IN_CLUSTER.server });
  const destServer = await askChoice('Cluster', clusters, asking);
  return destServer === undefined ? undefined : withFlags(draft, { destServer });
}

async function askNamespace(draft: Draft, asking: Asking): Promise<Draft | undefined> {
  const check = (value: string): string | true =>
    NAMESPACE.test(value) ? true : 'lower-case letters, digits and - only, like shop';
  const preset = draft.flags.destNamespace ?? 'default';
  const destNamespace = await askText({ message: 'Namespace', preset, check }, asking);
  return destNamespace === undefined ? undefined : withFlags(draft, { destNamespace });
}

async function askProject(draft: Draft, asking: Asking): Promise<Draft | undefined> {
  const { items } = await asking.client.call(listProjects, {}).catch(() => ({ items: [] }));
  const names = (items ?? []).map(({ metadata }) => metadata.name);
  if (names.length < 2) return withFlags(draft, { project: names[0] ?? 'default' });
  const project = await askChoice('Project', asChoices(names), asking);
  return project === undefined ? undefined : withFlags(draft, { project });
}

async function askPolicy(draft: Draft, asking: Asking): Promise<Draft | undefined> {
  const policy = await askChoice(
    'Sync policy',
    [
      { name: 'manual: deploy on request', value: 'manual' },
      { name: 'automated: deploy every commit', value: 'automated' },
      { name: 'automated, with prune and self-heal', value: 'full' },
    ],
    asking,
  );
  if (policy === undefined) return undefined;
  const { syncPolicy: _, autoPrune: __, selfHeal: ___, ...flags } = draft.flags;
  return withFlags({ ...draft, flags }, POLICIES[policy] ?? {});
}

const POLICIES: Readonly<Record<string, SpecFlags>> = {
  manual: { syncPolicy: 'none' },
  automated: { syncPolicy: 'automated' },
  full: { syncPolicy: 'automated', autoPrune: true, selfHeal: true },
};
