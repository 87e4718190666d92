import type { Command } from 'commander';
import { getApplication } from '../../../api/applications.ts';
import { getManifests } from '../../../api/revisions.ts';
import { HawserError } from '../../../core/errors.ts';
import { parseJson } from '../../../core/json.ts';
import { formatYaml } from '../../../core/yaml.ts';
import type { Context } from '../../context.ts';
import { applicationPicker } from '../../input/application-picker.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { NAMESPACE_FLAG, targetOf } from '../../input/target.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';
import { managedBy } from './shared/managed.ts';
import { chosenSources, REVISIONS_FLAGS, refuseNamesAndPositions } from './spec/source-choice.ts';

const MANIFESTS_FLAGS = [
  NAMESPACE_FLAG,
  {
    name: 'source',
    type: 'string',
    suggestions: ['git', 'live'],
    default: 'git',
    value: 'where',
    summary: 'where the manifests come from: git or live',
  },
  { name: 'revision', type: 'string', value: 'revision', summary: 'render this revision' },
  ...REVISIONS_FLAGS,
  {
    name: 'local',
    type: 'string',
    repeats: true,
    value: 'folder',
    summary: 'render a local folder (NAME=FOLDER for each of several sources)',
  },
  {
    name: 'local-repo-root',
    type: 'string',
    default: '.',
    typedOnly: true,
    summary: 'root of the repository that contains --local',
  },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type ManifestsOptions = OptionsOf<typeof MANIFESTS_FLAGS> & { readonly name: string };

export function manifestsCommand(context: Context, run = runManifests): Command {
  return defineCommand(
    {
      name: 'manifests',
      description: 'Prints the manifests of an application, from Git or from the cluster.',
      arguments: ['<appname>'],
      asks: applicationPicker(context),
      flags: MANIFESTS_FLAGS,
      examples: [
        { about: 'Print what Git says', line: 'hawser app manifests shop' },
        { about: 'Print what is in the cluster', line: 'hawser app manifests shop --source live' },
        { about: 'Render a branch', line: 'hawser app manifests shop --revision my-branch' },
        { about: 'Render the files here', line: 'hawser app manifests shop --local .' },
      ],
    },
    (options, name) => run({ name, ...options }, context),
  );
}

async function runManifests(options: ManifestsOptions, context: Context): Promise<void> {
  if (options.source !== 'git' && options.source !== 'live') {
    throw new HawserError('usage', `Unknown source type '${options.source}'`, { hint: 'valid values: git, live' });
  }
  const states = (await statesOf(options, context)).map(parseJson);
  const text = (): void => {
    for (const state of states) context.io.out.write(`---\n${formatYaml(state, { sortKeys: true })}\n`);
  };
  await writeResult(states, { output: options.output, text }, context);
}

/** The manifests as JSON texts; 'null' for one that is missing on this side. */
async function statesOf(options: ManifestsOptions, context: Context): Promise<readonly string[]> {
  refuseNamesAndPositions(options);
  const { client } = await context.connect();
  const target = targetOf(options.name, options.appNamespace);
  const app = await client.call(getApplication, target);
  if (options.local && options.source === 'git') {
    const { localManifests, tracked } = await import('../../input/local-manifests.ts');
    const rendered = await localManifests(app, { local: options.local, root: options.localRepoRoot }, context);
    return rendered.map((one) => JSON.stringify(tracked(one, app.metadata.name)));
  }
  const sourcePositions = chosenSources(app.spec, options);
  const { revision, revisions } = options;
  if (options.source === 'git' && (revision !== undefined || revisions?.length)) {
    const answer = await client.call(getManifests, { ...target, revision, revisions, sourcePositions });
    return answer.manifests ?? [];
  }
  const { name, appNamespace } = target;
  const items = await managedBy({ applicationName: name, appNamespace }, context);
  const side = options.source === 'live' ? ('liveState' as const) : ('targetState' as const);
  return items.map((item) => item[side] || 'null');
}
