import { Command } from 'commander';
import { type PodLogs, podLogs } from '../../../api/resources.ts';
import { HawserError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { withFlags } from '../../flags.ts';
import { NAMESPACE_FLAG, targetOf } from './target.ts';

export interface LogsOptions {
  readonly appname: string;
  readonly appNamespace?: string;
  readonly container?: string;
  readonly filter?: string;
  readonly follow?: boolean;
  readonly group?: string;
  readonly kind?: string;
  readonly matchCase?: boolean;
  readonly name?: string;
  readonly namespace?: string;
  readonly previous?: boolean;
  readonly sinceSeconds?: number;
  readonly tail?: number;
  readonly untilTime?: string;
}

export function logsCommand(context: Context, run = runLogs): Command {
  const command = new Command('logs')
    .description('Prints the logs of the pods of an application, or of one resource of it.')
    .argument('<appname>')
    .action((appname: string, flags: Omit<LogsOptions, 'appname'>) => run({ ...flags, appname }, context));
  return withFlags(command, [
    NAMESPACE_FLAG,
    { name: 'group', type: 'string', summary: 'group of the resource' },
    { name: 'kind', type: 'string', summary: 'kind of the resource' },
    { name: 'namespace', type: 'string', summary: 'namespace of the resource' },
    { name: 'name', type: 'string', summary: 'name of the resource' },
    { name: 'container', short: 'c', type: 'string', value: 'name', summary: 'only this container' },
    { name: 'follow', short: 'f', type: 'bool', summary: 'go on as lines come' },
    { name: 'tail', type: 'int', summary: 'only so many of the last lines' },
    { name: 'since-seconds', type: 'int', summary: 'only what is so young' },
    { name: 'until-time', type: 'string', value: 'time', summary: 'only what is older than this time' },
    { name: 'filter', type: 'string', summary: 'only lines with this text; ! before it: without' },
    { name: 'match-case', short: 'm', type: 'bool', summary: 'tell capital letters of the filter apart' },
    { name: 'previous', short: 'p', type: 'bool', summary: 'of the container that ran before' },
  ]);
}

const PAUSE = 1000;
const PASSING: readonly string[] = ['unreachable', 'bad-answer', 'timed-out'];

async function runLogs(options: LogsOptions, context: Context): Promise<void> {
  const { client } = await context.connect();
  let request = requestOf(options);
  for (;;) {
    try {
      for await (const entry of client.stream(podLogs, request, { signal: context.signal })) {
        if (entry.last) return;
        context.io.out.write(`${entry.content ?? ''}\n`);
      }
      if (!options.follow) return;
    } catch (thrown) {
      const passes = thrown instanceof HawserError && PASSING.includes(thrown.code);
      if (!options.follow || !passes || context.signal.aborted) throw asReference(thrown);
      context.say(`lost the connection to ${client.address}; connecting again`);
    }
    await context.clock.sleep(PAUSE, context.signal);
    request = { ...request, sinceSeconds: 1, tailLines: undefined };
  }
}

/** The reference ends with 1 here, and says where it happened. */
function asReference(thrown: unknown): unknown {
  if (!(thrown instanceof HawserError)) return thrown;
  const { code, message, hint, details } = thrown;
  const more = { ...details, argocdExit: 1, argocdLead: 'stream read failed: ' };
  return new HawserError(code, message, { ...(hint === undefined ? {} : { hint }), details: more, cause: thrown });
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
    sinceSeconds: options.sinceSeconds || undefined,
    untilTime: options.untilTime,
    filter: options.filter,
    matchCase: options.matchCase,
    previous: options.previous,
  };
}
