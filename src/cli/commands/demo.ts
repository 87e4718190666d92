import { once } from 'node:events';
import type { Command } from 'commander';
import { IN_CLUSTER } from '../../model/cluster.ts';
import type { Context } from '../context.ts';
import { defineCommand } from '../input/command.ts';
import {
  APP,
  commit,
  git,
  hawser,
  head,
  prepare,
  say,
  startServer,
  type Tour,
  writeManifests,
} from '../tour/workplace.ts';

export function demoCommand(context: Context, run = runDemo): Command {
  return defineCommand(
    {
      name: 'demo',
      description:
        'Runs a 30-second tour: from a Git repository to Synced and Healthy, drift, history, rollback and deletion.\nIt uses a folder of its own and does not prompt.',
      examples: [{ about: 'Take the tour', line: 'hawser demo' }],
    },
    () => run(context),
  );
}

async function runDemo(context: Context): Promise<void> {
  const tour = await prepare(context);
  const { repository } = tour;
  say(tour, 'A small Git repository: the single source of truth.');
  await writeManifests(repository, 'v1', 2);
  await git(tour, 'init', '-q', '-b', 'main', repository);
  await commit(tour, 'Deploy the guestbook');

  say(tour, 'A server that keeps watch: repo server, controller and API over a local cluster, in one process.');
  const server = await startServer(tour);
  try {
    await visit(tour);
  } finally {
    server.kill('SIGTERM');
    await once(server, 'close').catch(() => undefined);
  }
  say(tour, `That was it. The state lies in ${tour.folder}; nothing else was touched.`);
  context.io.out.write(
    `What next:\n  hawser app create            asks what it needs, and deploys from your own repository\n  hawser server                keeps the system running\n  hawser --help                everything else\n`,
  );
}

async function visit(tour: Tour): Promise<void> {
  const { repository } = tour;
  say(tour, 'An application: what Git says shall be so, at once and from now on.');
  await hawser(
    tour,
    `app create ${APP} --repo ${repository} --path ${APP} --dest-server ${IN_CLUSTER.server} --dest-namespace default --sync-policy automated --auto-prune --self-heal`,
  );
  await hawser(tour, `app wait ${APP} --sync --health --timeout 30`);
  await hawser(tour, 'app list');
  await hawser(tour, `app get ${APP}`);

  say(tour, 'A commit: three replicas of a new image. Nobody types deploy.');
  await writeManifests(repository, 'v2', 3);
  await commit(tour, 'Roll out v2 with three replicas');
  await hawser(tour, `app wait ${APP} --sync --health --revision ${await head(tour)} --timeout 30`);
  await hawser(tour, `app get ${APP} -o tree`);

  say(tour, 'Drift: somebody changes the cluster by hand, and the controller puts it right.');
  const patch = '{"spec":{"replicas":9}}';
  await hawser(
    tour,
    `app patch-resource ${APP} --kind Deployment --resource-name ${APP} --patch ${patch} --patch-type application/merge-patch+json`,
  );
  await hawser(tour, `app wait ${APP} --sync --health --timeout 30`);
  await hawser(tour, `app get ${APP}`);

  say(
    tour,
    'History, and the way back. Under automated sync a rollback would be undone, so that is switched off with it.',
  );
  await hawser(tour, `app history ${APP}`);
  await hawser(tour, `app rollback ${APP} 0 --disable-auto-sync --timeout 30`);
  await hawser(tour, 'app list');

  say(tour, 'The end: with --cascade what was deployed goes too; without it, it stays.');
  await hawser(tour, `app delete ${APP} --cascade --yes --wait`);
  await hawser(tour, 'app list');
}
