import type { Command } from 'commander';
import { getApplication, resourceTree } from '../../../../api/applications.ts';
import { HawserError } from '../../../../core/errors.ts';
import { MAX_TIMER_MS } from '../../../../core/time.ts';
import { type Application, sourcesOf } from '../../../../model/application.ts';
import {
  renderConditions,
  renderFacts,
  renderIdentity,
  renderOperation,
  renderParameters,
  renderResources,
} from '../../../../render/application.ts';
import { briefMessage } from '../../../../render/brief.ts';
import { renderTree } from '../../../../render/tree.ts';
import { uncut, type View } from '../../../../render/view.ts';
import { causeSection } from '../../../causes/section.ts';
import type { Context } from '../../../context.ts';
import { applicationPicker } from '../../../input/application-picker.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { NAMESPACE_FLAG, targetOf } from '../../../input/target.ts';
import { checkFormat, outputFlag, writeDocument } from '../../../output/document.ts';
import { applicationUrl, windowsOf } from '../../../waiting/summary.ts';
import { refuseNameAndPosition } from '../spec/source-choice.ts';

const FORMATS = ['wide', 'tree', 'tree=detailed', 'json', 'yaml', ''] as const;

const GET_FLAGS = [
  NAMESPACE_FLAG,
  { ...outputFlag('wide, tree, tree=detailed, json or yaml'), default: 'wide', typedOnly: true },
  { name: 'refresh', type: 'bool', summary: 'refresh first' },
  { name: 'hard-refresh', type: 'bool', summary: 'refresh first, without cached manifests' },
  { name: 'show-operation', type: 'bool', summary: 'also show the last operation' },
  { name: 'show-params', type: 'bool', summary: 'also show the parameters of the source' },
  { name: 'source-name', type: 'string', value: 'name', summary: 'name of the source for --show-params' },
  {
    name: 'source-position',
    type: 'int',
    default: -1,
    summary: 'position of the source for --show-params, starting at 1',
  },
  { name: 'timeout', type: 'uint', unit: 'seconds', value: 'time', summary: 'timeout of the refresh, like 90s' },
  { name: 'watch', short: 'w', type: 'bool', own: true, summary: 'keep watching and show each change' },
  { name: 'web', type: 'bool', own: true, summary: 'open its page of the web interface in the browser' },
] as const satisfies readonly Flag[];

export type GetOptions = OptionsOf<typeof GET_FLAGS> & { readonly name: string };

export function getCommand(context: Context, run = runGet): Command {
  return defineCommand(
    {
      name: 'get',
      description: 'Shows an application: its source, its status and its resources.',
      arguments: ['<appname>'],
      asks: applicationPicker(context),
      flags: GET_FLAGS,
      allowsSurplus: context.policy.defaults.allowsSurplus,
      examples: [
        { about: 'Show an application', line: 'hawser app get shop' },
        { about: 'Show its resources and what they own', line: 'hawser app get shop -o tree' },
        { about: 'Print one value, for a script', line: "hawser app get shop -o json | jq -r '.status.sync.status'" },
        { about: 'Fetch from Git first', line: 'hawser app get shop --refresh' },
        { about: 'Open its page in the browser', line: 'hawser app get shop --web' },
      ],
    },
    (options, name) => run({ name, ...options }, context),
  );
}

async function runGet(options: GetOptions, context: Context): Promise<void> {
  const format = options.output ?? '';
  checkFormat(format, FORMATS);
  refuseNameAndPosition(options.sourceName !== undefined, options.sourcePosition !== -1);
  const app = await fetchApplication(options, context);
  if (options.web) {
    const { openPage } = await import('./web.ts');
    return openPage(app, context);
  }
  if (!options.watch && (await writeDocument(app, format, context))) return;
  // What is typed wrongly is refused before anything is written.
  if (options.showParams) sourceFor(app, options);
  const { style } = await context.view();
  tellWhatGoesOn(app, context);
  // Nobody waits for the first lines while what stands around the application is asked.
  if (!options.watch) context.io.out.write(renderIdentity(app, style));
  const facts = await describer(options, context);
  if (!options.watch) {
    context.io.out.write(await facts(app));
    return context.io.out.write(await context.policy.own.add(() => causeSection(app, context), ''));
  }
  const describe = async (application: Application): Promise<string> =>
    renderIdentity(application, style) + (await facts(application));
  const { watchOne } = await import('./watch.ts');
  return watchOne(app, { target: targetOf(options.name, options.appNamespace), format, describe }, context);
}

/** A running operation holds up what else was asked for, and an application may look well while it is being deleted. */
function tellWhatGoesOn({ metadata, operation, status }: Application, context: Context): void {
  const { advise } = context.policy.wording;
  if (metadata.deletionTimestamp) advise(`it is being deleted since ${metadata.deletionTimestamp}`, context);
  if (!operation) return;
  const message = status?.operationState?.message;
  advise(`an operation runs${message ? `: ${briefMessage(message)}` : ''}`, context);
}

/** What makes a text of an application but for who it is; what does not change with it is asked once. */
async function describer(options: GetOptions, context: Context): Promise<(app: Application) => Promise<string>> {
  const connection = await context.connect();
  const target = targetOf(options.name, options.appNamespace);
  const [url, windows] = await Promise.all([
    applicationUrl(connection, target.name, context),
    windowsOf(context, target),
  ]);
  return async (app) => {
    const base = await context.view();
    const view = options.output === 'wide' ? uncut(base) : base;
    const parts = [
      renderFacts({ application: app, url, windows }, view),
      before('\n', renderConditions(app, view), '\n'),
      options.showOperation ? before('\n', renderOperation(app, view)) : '',
      options.showParams ? before('\n\n', renderParameters(sourceFor(app, options), view)) : '',
      options.output?.startsWith('tree')
        ? before('\n', await treeText(app, options, context))
        : before('\n', renderResources(app, view)),
    ];
    return parts.join('');
  };
}

const before = (lead: string, text: string, tail = ''): string => (text === '' ? '' : lead + text + tail);

async function fetchApplication(options: GetOptions, context: Context): Promise<Application> {
  const { client } = await context.connect();
  const target = targetOf(options.name, options.appNamespace);
  const refresh = options.hardRefresh ? 'hard' : options.refresh ? 'normal' : undefined;
  if (!options.timeout || refresh === undefined) return client.call(getApplication, { ...target, refresh });
  const late = AbortSignal.timeout(Math.min(options.timeout * 1000, MAX_TIMER_MS));
  try {
    return await client.call(getApplication, { ...target, refresh }, { signal: late });
  } catch (thrown) {
    if (!late.aborted) throw thrown;
    context.say(`the refresh took longer than ${options.timeout} s: showing what is known`);
    return client.call(getApplication, target);
  }
}

async function treeText(app: Application, options: GetOptions, context: Context): Promise<string> {
  const { client } = await context.connect();
  const view: View = await context.view();
  const { name, appNamespace } = targetOf(options.name, options.appNamespace);
  const tree = await client.call(resourceTree, { applicationName: name, appNamespace });
  return renderTree({ application: app, tree, detailed: options.output === 'tree=detailed' }, view);
}

/** The source a person means by name or position; the only one needs neither. */
function sourceFor(app: Application, { sourceName, sourcePosition }: GetOptions) {
  const sources = sourcesOf(app.spec);
  if (sourceName !== undefined && sourcePosition !== -1) {
    throw new HawserError('usage', 'Only one of source-position and source-name can be specified.');
  }
  if (sourceName !== undefined) {
    const match = sources.find((source) => source.name === sourceName);
    if (!match)
      throw new HawserError('not-found', `Unknown source name '${sourceName}'`, { reason: { kind: 'no-match' } });
    return match;
  }
  return sources[sourcePosition > 0 ? sourcePosition - 1 : 0];
}
