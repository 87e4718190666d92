import { once } from 'node:events';
import type { Command } from 'commander';
import { IN_CLUSTER } from '../../model/cluster.ts';
import type { Context } from '../context.ts';
import { defineCommand } from '../input/command.ts';
import type { Flag, OptionsOf } from '../input/flags.ts';
import {
  APP,
  commit,
  editManifests,
  hawser,
  head,
  initialise,
  pause,
  prepare,
  say,
  show,
  showEnvironment,
  startServer,
  type Tour,
  writeManifests,
} from '../tour/workplace.ts';

const FLAGS = [
  { name: 'chaos', type: 'bool', own: true, summary: 'show six faults, and how the cause of each is told' },
] as const satisfies readonly Flag[];

export type DemoOptions = OptionsOf<typeof FLAGS>;

export function demoCommand(context: Context, run = runDemo): Command {
  return defineCommand(
    {
      name: 'demo',
      description:
        'Runs a 30-second tour: from a Git repository to Synced and Healthy, drift, history, rollback and deletion.\nWith --chaos it shows faults instead, and fails if the cause of one is not told.\nIt uses a folder of its own. In a terminal it stops after each step until you press Enter.',
      flags: FLAGS,
      examples: [
        { about: 'Take the tour', line: 'hawser demo' },
        { about: 'See how it is told what is wrong', line: 'hawser demo --chaos' },
      ],
    },
    (options) => run(options, context),
  );
}

async function runDemo({ chaos }: DemoOptions, context: Context): Promise<void> {
  const tour = await prepare(context);
  say(tour, 'A small Git repository: the single source of truth. The tour keeps to a folder of its own.');
  showEnvironment(tour);
  if (!chaos) await writeManifests(tour.repository, 'v1', 2);
  await initialise(tour);
  if (!chaos) await commit(tour, 'Deploy the guestbook');
  say(tour, 'A server that keeps watch: repo server, controller and API over a local cluster, in one process.');
  const server = await startServer(tour);
  try {
    if (chaos) await (await import('../tour/chaos.ts')).showFaults(tour);
    else await showScreens(tour);
  } finally {
    server.kill('SIGTERM');
    await once(server, 'close').catch(() => undefined);
  }
  if (!chaos) sayWhatIsNext(tour);
}

async function showScreens(tour: Tour): Promise<void> {
  for (const [index, screen] of SCREENS.entries()) {
    if (!(await pause(tour))) break;
    say(tour, `${index + 1} of ${SCREENS.length}: ${screen.title}`);
    await screen.run(tour);
  }
}

function sayWhatIsNext(tour: Tour): void {
  say(tour, `That was it. The state of the tour lies in ${tour.folder}; nothing else was touched.`);
  say(tour, 'What next: a repository of your own. It asks what it needs, and Enter takes what the folder says.');
  show(tour, 'unset HAWSER_CONTEXT HAWSER_DATA_DIR');
  show(tour, `cd your-repo && ${tour.command} app create`);
  say(tour, 'All applications, live:');
  show(tour, `${tour.command} top`);
}

interface Screen {
  readonly title: string;
  run(tour: Tour): Promise<void>;
}

/** Each fits a small window. */
const SCREENS: readonly Screen[] = [
  {
    title: 'an application. What Git says shall be so, at once and from now on',
    run: async (tour) => {
      const source = ['--repo', tour.repository, '--path', APP];
      const destination = ['--dest-server', IN_CLUSTER.server, '--dest-namespace', 'default'];
      const policy = ['--sync-policy', 'automated', '--auto-prune', '--self-heal'];
      await hawser(tour, 'app', 'create', APP, ...source, ...destination, ...policy);
      await hawser(tour, 'app', 'wait', APP, '--sync', '--health', '--timeout', '30');
    },
  },
  {
    title: 'a commit. Three replicas of a new image, and nobody types deploy',
    run: async (tour) => {
      await editManifests(tour);
      await commit(tour, 'Roll out v2 with three replicas');
      await hawser(
        tour,
        ...['app', 'wait', APP, '--sync', '--health', '--revision', await head(tour), '--timeout', '30'],
      );
    },
  },
  {
    title: 'drift. Somebody changes the cluster by hand, and the controller puts it right',
    run: async (tour) => {
      const deployment = ['--kind', 'Deployment', '--resource-name', APP];
      const patch = ['--patch', '{"spec":{"replicas":9}}', '--patch-type', 'application/merge-patch+json'];
      await hawser(tour, 'app', 'patch-resource', APP, ...deployment, ...patch);
      await hawser(tour, 'app', 'wait', APP, '--sync', '--health', '--timeout', '30', '-o', 'tree');
    },
  },
  {
    title: 'history, and the way back. Automated sync would undo a rollback, so it is switched off with it',
    run: async (tour) => {
      await hawser(tour, 'app', 'history', APP);
      await hawser(tour, 'app', 'rollback', APP, '0', '--disable-auto-sync', '--timeout', '30');
      await hawser(tour, 'app', 'list');
    },
  },
  {
    title: 'the end. With --cascade what was deployed goes too; without it, it stays',
    run: async (tour) => {
      await hawser(tour, 'app', 'delete', APP, '--cascade', '--yes', '--wait');
      await hawser(tour, 'app', 'list');
    },
  },
];
