// One stream of log lines that outlives its connection.

import { type LogEntry, type PodLogs, podLogs } from '../../../../api/resources.ts';
import { HawserError } from '../../../../core/errors.ts';
import type { Context } from '../../../context.ts';

const PAUSE = 1000;
/** What a later try may change. */
export const PASSING: readonly string[] = ['unreachable', 'bad-answer', 'timed-out'];

export interface LogOrder {
  readonly request: PodLogs;
  /** Whether the end of a log is followed by another one: that of the container that is started next. */
  readonly outlivesEnd: boolean;
}

/** The lines of a log. While it follows, a stream that breaks is opened again, and no line comes twice. */
export async function* logLines({ request, outlivesEnd }: LogOrder, context: Context): AsyncGenerator<LogEntry> {
  const { client } = await context.connect();
  const latest = new Map<string, string>();
  let query = request;
  let isWarned = false;
  for (;;) {
    const lastLines = new Map(latest);
    try {
      for await (const entry of client.stream(podLogs, query, { signal: context.signal })) {
        if (entry.last) {
          if (outlivesEnd) break;
          return;
        }
        const pod = entry.podName ?? '';
        const at = momentOf(entry);
        if (at !== '' && at <= (lastLines.get(pod) ?? '')) continue;
        if (at !== '') latest.set(pod, at);
        yield entry;
      }
      if (!request.follow) return;
    } catch (thrown) {
      const passes = thrown instanceof HawserError && PASSING.includes(thrown.code);
      if (!request.follow || !passes || context.signal.aborted) throw thrown;
      if (!isWarned) context.say(`lost the connection to ${client.address}; connecting again`);
      isWarned = true;
    }
    await context.clock.sleep(PAUSE, context.signal);
    query = { ...request, sinceSeconds: secondsSince(latest, context), tailLines: undefined };
  }
}

/** RFC 3339 with nine digits behind the second, so that texts compare as times. */
function momentOf({ timeStampStr = '' }: LogEntry): string {
  const [, second = '', fraction = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z$/.exec(timeStampStr) ?? [];
  return second === '' ? '' : `${second}.${fraction.padEnd(9, '0')}`;
}

/** How far back a new stream must begin to miss nothing. */
function secondsSince(latest: ReadonlyMap<string, string>, { clock }: Context): number {
  const oldest = [...latest.values()].sort()[0];
  const since = oldest === undefined ? Number.NaN : Date.parse(`${oldest.slice(0, 23)}Z`);
  return Number.isNaN(since) ? 1 : Math.max(1, Math.ceil((clock.now() - since) / 1000) + 1);
}
