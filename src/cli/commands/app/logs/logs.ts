import type { Command } from 'commander';
import type { LogEntry, PodLogs } from '../../../../api/resources.ts';
import { HawserError, messageOf } from '../../../../core/errors.ts';
import { parseDuration } from '../../../../core/time.ts';
import { formatJson } from '../../../../render/json.ts';
import type { Meaning } from '../../../../render/style.ts';
import type { Context } from '../../../context.ts';
import { applicationPicker } from '../../../input/application-picker.ts';
import { defineCommand } from '../../../input/command.ts';
import { type Flag, type OptionsOf, ofGroup } from '../../../input/flags.ts';
import { NAMESPACE_FLAG, targetOf } from '../../../input/target.ts';
import { RESULT_FLAG } from '../../../output/result.ts';
import { createContainerSearch, type LogContainer, refuseNoMatch } from './containers.ts';
import { followContainers, titleOf } from './follow.ts';
import { type LogOrder, logLines } from './stream.ts';

const LOGS_FLAGS = [
  NAMESPACE_FLAG,
  ...ofGroup('Resource', [
    { name: 'group', type: 'string', summary: 'group of the resource' },
    { name: 'kind', type: 'string', summary: 'kind of the resource' },
    { name: 'namespace', type: 'string', summary: 'namespace of the resource' },
    { name: 'name', type: 'string', summary: 'name of the resource' },
    { name: 'container', short: 'c', type: 'string', value: 'name', summary: 'name of the container' },
  ]),
  { name: 'follow', short: 'f', type: 'bool', summary: 'stream new lines as they are written' },
  { name: 'tail', type: 'int', summary: 'number of lines to show from the end' },
  { name: 'since-seconds', type: 'int', unit: 'seconds', summary: 'only lines newer than this many seconds' },
  { name: 'until-time', type: 'string', value: 'time', summary: 'only lines before this time (RFC 3339)' },
  { name: 'filter', type: 'string', summary: 'only lines with this text; prefix with ! for lines without it' },
  { name: 'match-case', short: 'm', type: 'bool', summary: 'match the filter case-sensitively' },
  { name: 'previous', short: 'p', type: 'bool', summary: 'logs of the previous container' },
  { name: 'all-containers', type: 'bool', own: true, summary: 'logs of all containers of the pods' },
  { name: 'prefix', type: 'bool', own: true, summary: 'prefix each line with its pod and container' },
  { name: 'since', type: 'duration', own: true, summary: 'only lines newer than this, like 5m or 2h' },
  { name: 'grep', type: 'string', own: true, value: 'regex', summary: 'only lines that match a regular expression' },
  { ...RESULT_FLAG, choices: ['json'], summary: 'json: each line as a document' },
] as const satisfies readonly Flag[];

export type LogsOptions = OptionsOf<typeof LOGS_FLAGS> & { readonly appname: string };

export function logsCommand(context: Context, run = runLogs): Command {
  return defineCommand(
    {
      name: 'logs',
      description: 'Prints the logs of the pods of an application, or of one resource of it.',
      arguments: ['<appname>'],
      asks: applicationPicker(context),
      flags: LOGS_FLAGS,
      examples: [
        { about: 'Follow the logs of all containers', line: 'hawser app logs shop --all-containers -f' },
        {
          about: 'Show the last hundred lines of a Deployment',
          line: 'hawser app logs shop --kind Deployment --name web --tail 100',
        },
        { about: 'Show the errors of the last hour', line: 'hawser app logs shop --since 1h --grep "status=5.."' },
        { about: 'Show why a container crashed', line: 'hawser app logs shop -c web --previous' },
      ],
    },
    (options, appname) => run({ ...options, appname }, context),
  );
}

async function runLogs(options: LogsOptions, context: Context): Promise<void> {
  const request = requestOf(options);
  const grep = readPattern(options.grep);
  const write = options.output === 'json' ? documentWriter(context) : await lineWriter(context);
  let lines = 0;
  const remarks = new Set<string>();
  const sayOnce = (text: string): void => {
    if (!remarks.has(text)) context.say(text);
    remarks.add(text);
  };
  const show: Show = async (order, prefix, signal = context.signal) => {
    for await (const entry of logLines(order, { ...context, say: sayOnce, signal })) {
      lines += 1;
      const content = entry.content ?? '';
      if (!grep || grep.test(content)) write(prefix(entry), content, entry);
    }
  };
  const outlivesEnd =
    context.policy.defaults.followsRestarts && options.follow === true && options.untilTime === undefined;
  const order = { request, outlivesEnd };
  try {
    if (outlivesEnd) await followAll(order, options, { show, context });
    else if (options.allContainers) await showAll(order, options.prefix, { show, context });
    else await show(order, ({ podName }) => (options.prefix ? (podName ?? '') : ''));
    if (lines === 0) await context.policy.own.add(() => refuseNoMatch(request, context), undefined);
  } catch (thrown) {
    throw thrown instanceof HawserError ? thrown.with({ reason: { kind: 'log-stream-failed' } }) : thrown;
  }
}

type Show = (order: LogOrder, prefix: (entry: LogEntry) => string, signal?: AbortSignal) => Promise<void>;

interface Showing {
  readonly show: Show;
  readonly context: Context;
}

/** One after the other, so that a log is read as a whole. */
async function showAll(order: LogOrder, prefix: boolean | undefined, { show, context }: Showing): Promise<void> {
  const containers = await createContainerSearch(order.request, 'all', context)();
  const isTold = prefix ?? containers.length > 1;
  for (const container of containers) await show(orderAt(order, container), () => (isTold ? titleOf(container) : ''));
}

const orderAt = ({ request, outlivesEnd }: LogOrder, { pod, namespace, container }: LogContainer): LogOrder => ({
  request: { ...request, group: '', kind: 'Pod', namespace, resourceName: pod, container },
  outlivesEnd,
});

/** All at once. Lines name where they come from as soon as there is more than one such place. */
async function followAll(order: LogOrder, options: LogsOptions, { show, context }: Showing): Promise<void> {
  await refuseNoMatch(order.request, context);
  const places = new Set<string>();
  const isTold = (): boolean => options.prefix ?? (options.allContainers === true || places.size > 1);
  const find = createContainerSearch(order.request, options.allContainers ? 'all' : 'one', context);
  let looks = 0;
  await followContainers(
    {
      find: async () => {
        const containers = await find();
        for (const container of containers) places.add(titleOf(container));
        looks += 1;
        return containers;
      },
      show: (container, signal) => {
        const title = options.allContainers ? titleOf(container) : container.pod;
        // Of a Pod that comes later everything is new.
        const request = looks > 1 ? { ...order.request, tailLines: undefined, sinceSeconds: undefined } : order.request;
        return show(orderAt({ ...order, request }, container), () => (isTold() ? title : ''), signal);
      },
    },
    context,
  );
}

type WriteLine = (prefix: string, content: string, entry: LogEntry) => void;

const documentWriter =
  ({ io }: Context): WriteLine =>
  (_prefix, content, { podName, timeStampStr }) =>
    io.out.write(formatJson({ pod: podName, time: timeStampStr, line: content }, 0));

const COLOURS = ['busy', 'held', 'good', 'warn'] as const satisfies readonly Meaning[];

/** Lines with the container they come from, each container in a colour of its own. */
async function lineWriter(context: Context): Promise<WriteLine> {
  const { style } = await context.view();
  const met: string[] = [];
  return (prefix, content) => {
    if (prefix !== '' && !met.includes(prefix)) met.push(prefix);
    const colour = COLOURS[met.indexOf(prefix) % COLOURS.length] ?? 'plain';
    context.io.out.write(prefix === '' ? `${content}\n` : `${style[colour](`[${prefix}]`)} ${content}\n`);
  };
}

function readPattern(pattern: string | undefined): RegExp | undefined {
  if (pattern === undefined) return undefined;
  try {
    return new RegExp(pattern, 'u');
  } catch (thrown) {
    throw new HawserError('usage', `--grep '${pattern}' is not a regular expression: ${messageOf(thrown)}`, {
      hint: 'use --filter to search for plain text',
    });
  }
}

function requestOf(options: LogsOptions): PodLogs {
  return {
    ...targetOf(options.appname, options.appNamespace),
    namespace: options.namespace,
    kind: options.kind,
    group: options.group,
    resourceName: options.name,
    container: options.container,
    follow: options.follow,
    tailLines: options.tail || undefined,
    sinceSeconds: sinceOf(options),
    untilTime: options.untilTime,
    filter: options.filter,
    matchCase: options.matchCase,
    previous: options.previous,
  };
}

function sinceOf({ since, sinceSeconds }: LogsOptions): number | undefined {
  if (since === undefined) return Math.ceil(sinceSeconds ?? 0) || undefined;
  if (sinceSeconds !== undefined) {
    throw new HawserError('usage', '--since and --since-seconds say the same: give one of them');
  }
  return Math.max(1, Math.ceil(parseDuration(since) / 1000));
}
