import type { Command } from 'commander';
import { type ExplainDelivery, type ExplainedDelivery, explainDelivery } from '../../../api/webhooks.ts';
import { HawserError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { readSource } from '../../input/read-source.ts';
import { checkFormat, outputFlag, writeDocument } from '../../output/document.ts';
import { readNumber } from './shared/number.ts';

/** The header that each sender is known by, and its event for a push. */
const SENDERS = {
  github: ['x-github-event', 'push'],
  gitlab: ['x-gitlab-event', 'Push Hook'],
  bitbucket: ['x-event-key', 'repo:push', 'x-hook-uuid'],
  'bitbucket-server': ['x-event-key', 'repo:refs_changed'],
  gogs: ['x-gogs-event', 'push'],
  gitea: ['x-gogs-event', 'push'],
  forgejo: ['x-gogs-event', 'push'],
  'azure-devops': ['x-vss-activityid', ''],
  ghcr: ['x-github-event', 'package'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

const PROVIDERS = Object.keys(SENDERS);

const FLAGS = [
  { name: 'payload', type: 'string', value: 'file', summary: 'file with a payload, - for stdin' },
  { name: 'provider', type: 'string', default: 'github', choices: PROVIDERS, summary: 'who sends the payload' },
  { name: 'event', type: 'string', summary: 'event of the payload (default: a push)' },
  { ...outputFlag('wide, json or yaml'), default: 'wide' },
] as const satisfies readonly Flag[];

export type ExplainOptions = OptionsOf<typeof FLAGS> & { readonly delivery?: string };

export function webhookExplainCommand(context: Context, run = runExplain): Command {
  return defineCommand(
    {
      name: 'explain',
      description:
        'Shows for each application whether a delivery refreshes it, and why or why not. Nothing is refreshed. The delivery is one of hawser webhook list, or a payload from a file; without a server the local system is asked.',
      arguments: ['[number]'],
      argumentSummaries: { number: 'delivery of hawser webhook list' },
      flags: FLAGS,
      examples: [
        { about: 'Explain a delivery that came', line: 'hawser webhook explain 3' },
        { about: 'Explain a payload that you saved', line: 'hawser webhook explain --payload push.json' },
        { about: 'Explain one of GitLab', line: 'hawser webhook explain --payload - --provider gitlab' },
      ],
    },
    (options, delivery) => run({ delivery, ...options }, context),
  );
}

async function runExplain(options: ExplainOptions, context: Context): Promise<void> {
  checkFormat(options.output, ['wide', 'json', 'yaml']);
  const query = await queryOf(options, context);
  const { client } = await context.connect();
  const explained = await client.call(explainDelivery, query);
  if (await writeDocument(explained, options.output, context)) return;
  await writeTable(explained, context);
}

async function queryOf(
  { delivery, payload, provider, event }: ExplainOptions,
  context: Context,
): Promise<ExplainDelivery> {
  if ((delivery === undefined) === (payload === undefined))
    throw new HawserError('usage', 'name a delivery or a payload', { hint: 'hawser webhook list, or --payload FILE' });
  if (delivery !== undefined) return { number: readNumber(delivery) };
  return { headers: headersOf(provider, event), payload: await readSource(payload ?? '-', context) };
}

function headersOf(provider: string, event: string | undefined): Record<string, string> {
  const sender = Object.entries(SENDERS).find(([name]) => name === provider)?.[1];
  const [header = '', push = '', other] = sender ?? [];
  return { [header]: event ?? push, ...(other ? { [other]: '' } : {}) };
}

async function writeTable({ provider, event, repositories, revisions, verdicts }: ExplainedDelivery, context: Context) {
  const subjects = repositories.length > 0 ? ` of ${revisions.join(', ')} in ${repositories.join(' or ')}` : '';
  context.say(`${provider} ${event}${subjects}`);
  if (verdicts.length === 0) return context.say('no applications yet: hawser app create');
  const { style, table } = await context.view();
  const rows = verdicts.map(({ application, refreshes, why }) => [application, refreshes ? 'yes' : 'no', why]);
  context.io.out.write(table({ head: ['APPLICATION', 'REFRESHED', 'WHY'], rows }, style));
}
