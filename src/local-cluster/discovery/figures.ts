// What is measured of the cluster, in the words of Prometheus: no more than is true of it, and told when it is asked for.

import type { Api } from '../api.ts';
import { allLate } from '../first-day/late.ts';
import { isComputed } from '../metrics/kinds.ts';
import type { KubeResponse } from '../request.ts';

interface Figure {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  /** The labels as they are written, and the value. */
  readonly samples: readonly (readonly [labels: string, value: number])[];
}

export async function figures(api: Api): Promise<KubeResponse> {
  await allLate(api);
  const text = figuresOf(api).map(written).join('');
  return {
    status: 200,
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores' },
    body: text,
  };
}

const figuresOf = (api: Api): readonly Figure[] => [
  {
    name: 'apiserver_resource_objects',
    type: 'gauge',
    help: 'Stored objects, by kind.',
    samples: storedObjects(api),
  },
  ...ofProcess(api.wallClock.now()),
];

function storedObjects({ kinds, store }: Api): Figure['samples'] {
  const stored = new Map(kinds.all().map((kind) => [kind.storage, kind]));
  return [...stored.values()]
    .filter((kind) => kind.verbs.includes('list') && !isComputed(kind.storage))
    .map(
      ({ group, plural, storage }) => [`{group="${group}",resource="${plural}"}`, store.list(storage).length] as const,
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function ofProcess(now: number): Figure[] {
  const { user, system } = process.cpuUsage();
  return [
    {
      name: 'process_cpu_seconds_total',
      type: 'counter',
      help: 'Processor time used, in seconds.',
      samples: [['', (user + system) / 1e6]],
    },
    {
      name: 'process_resident_memory_bytes',
      type: 'gauge',
      help: 'Memory in use, in bytes.',
      samples: [['', process.memoryUsage.rss()]],
    },
    {
      name: 'process_start_time_seconds',
      type: 'gauge',
      help: 'When the process began, in seconds of Unix time.',
      samples: [['', Math.round(now / 1000 - process.uptime())]],
    },
  ];
}

function written({ name, type, help, samples }: Figure): string {
  const lines = samples.map(([labels, value]) => `${name}${labels} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}
