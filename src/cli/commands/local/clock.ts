import type { Command } from 'commander';
import { type ClusterClockState, changeClusterClock, getClusterClock } from '../../../api/local-cluster.ts';
import { HawserError } from '../../../core/errors.ts';
import { parseTime } from '../../../core/time.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';
import { clockText } from './shared/clock-text.ts';

const CLOCK_FLAGS = [
  {
    name: 'speed',
    type: 'string',
    value: 'factor',
    own: true,
    summary: 'how much faster than real time it runs: 20, or 0.5 for half as fast',
  },
  { name: 'pause', type: 'bool', own: true, summary: 'stop the clock' },
  { name: 'resume', type: 'bool', own: true, summary: 'let a paused clock go on' },
  { name: 'advance', type: 'duration', own: true, summary: 'move the clock forward at once: 10m, 24h, 7d' },
  { name: 'reset', type: 'bool', own: true, summary: 'real speed again, not paused; never moves it back' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type ClockOptions = OptionsOf<typeof CLOCK_FLAGS>;

export function clockCommand(context: Context, run = runClock): Command {
  return defineCommand(
    {
      name: 'clock',
      description:
        'Shows the clock of the local cluster, or sets it: how fast Pods start, CronJobs fire, deadlines and TTLs pass.\nThe setting is kept in the data folder and holds at once, also for a running hawser server or hawser local serve. The clock never runs backward. Tokens, certificates, timeouts of clients and the application controller keep real time.',
      flags: CLOCK_FLAGS,
      examples: [
        { about: 'Show the clock', line: 'hawser local clock' },
        { about: 'Let time pass 20 times as fast', line: 'hawser local clock --speed 20' },
        { about: 'Let a CronJob of every hour fire now', line: 'hawser local clock --advance 1h' },
        {
          about: 'Hold a rollout where it is, then go on',
          line: 'hawser local clock --pause\nhawser local clock --resume',
        },
      ],
    },
    (options) => run(options, context),
  );
}

async function runClock(options: ClockOptions, context: Context): Promise<void> {
  const change = changeOf(options);
  const { client } = await context.local();
  const clock: ClusterClockState = change
    ? await client.call(changeClusterClock, change)
    : await client.call(getClusterClock, {});
  const text = (): void => context.io.out.write(`${clockText(clock)}\n`);
  await writeResult(clock, { output: options.output, text }, context);
}

interface Change {
  readonly speed?: number;
  readonly paused?: boolean;
  readonly advanceMs?: number;
}

/** Undefined where nothing is to be changed. */
function changeOf({ speed, pause, resume, advance, reset }: ClockOptions): Change | undefined {
  if (pause && resume) throw contradiction('--pause', '--resume');
  if (reset) {
    const other = [
      ['--speed', speed],
      ['--pause', pause],
      ['--resume', resume],
    ].find(([, value]) => value);
    if (other) throw contradiction('--reset', String(other[0]));
  }
  const changes: Change = {
    ...(reset ? { speed: 1, paused: false } : {}),
    ...(speed === undefined ? {} : { speed: factorOf(speed) }),
    ...(pause || resume ? { paused: pause === true } : {}),
    ...(advance === undefined ? {} : { advanceMs: parseTime(advance) }),
  };
  return Object.keys(changes).length === 0 ? undefined : changes;
}

const contradiction = (one: string, other: string): HawserError =>
  new HawserError('usage', `${one} and ${other} contradict each other`, { hint: 'give one of them' });

function factorOf(text: string): number {
  const [, digits = ''] = /^(\d+(?:\.\d+)?|\.\d+)[x×]?$/i.exec(text.trim()) ?? [];
  const factor = Number(digits);
  if (digits !== '' && factor >= 0.01 && factor <= 10_000) return factor;
  const hint =
    digits !== '' && factor === 0 ? 'hawser local clock --pause' : 'use a number from 0.01 to 10000, like 20';
  throw new HawserError('usage', `invalid value '${text}' for --speed`, { hint });
}
