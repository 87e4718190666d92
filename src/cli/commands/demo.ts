import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { HawserError } from '../../core/errors.ts';
import { dataFolder } from '../config/data-folder.ts';
import type { Context } from '../context.ts';
import { defineCommand } from '../input/command.ts';

export function demoCommand(context: Context, run = runDemo): Command {
  return defineCommand(
    {
      name: 'demo',
      description:
        'A tour of half a minute: from a Git repository to Synced and Healthy, drift, history, rollback and deletion.\nIt works in a folder of its own and asks nothing.',
    },
    () => run(context),
  );
}

const SERVER = 'https://kubernetes.default.svc';
const APP = 'guestbook';
const READY = /listens on/;
/** Says that a folder was made by the tour, and may be made anew by it. */
const MARKER = '.hawser-demo';

interface Tour {
  readonly folder: string;
  readonly repository: string;
  readonly data: string;
  readonly context: Context;
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
    `app create ${APP} --repo ${repository} --path ${APP} --dest-server ${SERVER} --dest-namespace default --sync-policy automated --auto-prune --self-heal`,
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

async function prepare(context: Context): Promise<Tour> {
  const folder = `${dataFolder(context.globals().dataDir, context.env)}-demo`;
  if (existsSync(folder) && !existsSync(join(folder, MARKER))) {
    throw new HawserError('usage', `'${folder}' is there, and was not made by the tour`, {
      hint: 'hawser demo --data-dir DIR',
    });
  }
  await rm(folder, { recursive: true, force: true });
  const repository = join(folder, 'repository');
  await mkdir(join(repository, APP), { recursive: true });
  await writeFile(join(folder, MARKER), '');
  return { folder, repository, data: join(folder, 'data'), context };
}

async function writeManifests(repository: string, version: string, replicas: number): Promise<void> {
  const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${APP}
spec:
  replicas: ${replicas}
  selector:
    matchLabels: {app: ${APP}}
  template:
    metadata:
      labels: {app: ${APP}}
    spec:
      containers:
        - name: web
          image: ghcr.io/example/guestbook:${version}
          ports: [{containerPort: 80}]
`;
  const service = `apiVersion: v1
kind: Service
metadata:
  name: ${APP}
spec:
  selector: {app: ${APP}}
  ports: [{port: 80}]
`;
  await writeFile(join(repository, APP, 'deployment.yaml'), deployment);
  await writeFile(join(repository, APP, 'service.yaml'), service);
}

async function startServer(tour: Tour): Promise<ChildProcess> {
  show(tour, 'hawser server --port 0 &');
  const log = join(tour.folder, 'server.log');
  const server = spawn(process.execPath, [program(), 'server', '--port', '0'], {
    env: environment(tour),
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: tour.context.signal,
  });
  // It ends with the tour, or does not start: either is seen below.
  server.on('error', () => undefined);
  let text = '';
  for (const stream of [server.stdout, server.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  server.on('close', () => void writeFile(log, text));
  while (!READY.test(text)) {
    if (server.exitCode !== null) throw new HawserError('internal', `the server did not start: ${text.trim()}`);
    await tour.context.clock.sleep(50, tour.context.signal);
  }
  return server;
}

/** Types a command as a person would, and shows it first. */
async function hawser(tour: Tour, line: string): Promise<void> {
  show(tour, `hawser ${line}`);
  const child = spawn(process.execPath, [program(), ...line.split(' ')], {
    env: environment(tour),
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: tour.context.signal,
  });
  child.stdout.on('data', (chunk: Buffer) => tour.context.io.out.write(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => tour.context.io.out.write(chunk.toString()));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new HawserError('internal', `'hawser ${line}' ended with exit code ${code}`);
}

const program = (): string => process.argv[1] ?? '';

/** The tour's own data and configuration, whatever is set outside. */
function environment({ data, folder, context }: Tour): NodeJS.ProcessEnv {
  const kept = Object.entries(context.env).filter(
    ([name]) => !/^(ARGOCD|HAWSER)_/.test(name) || name === 'HAWSER_TOOLS',
  );
  return {
    ...Object.fromEntries(kept),
    HAWSER_DATA_DIR: data,
    HAWSER_CONTEXT: 'local',
    ARGOCD_CONFIG_DIR: join(folder, 'config'),
    ...(context.io.out.terminal ? { FORCE_COLOR: context.env['NO_COLOR'] ? '0' : '1' } : {}),
  };
}

async function commit(tour: Tour, message: string): Promise<void> {
  await git(tour, '-C', tour.repository, 'add', '-A');
  const author = ['-c', 'user.name=Hawser', '-c', 'user.email=hawser@example.com'];
  show(tour, `git commit -m '${message}'`);
  await git(tour, '-C', tour.repository, ...author, 'commit', '-q', '-m', message);
}

async function head(tour: Tour): Promise<string> {
  const reference = await readFile(join(tour.repository, '.git', 'refs', 'heads', 'main'), 'utf8');
  return reference.trim();
}

async function git({ context }: Tour, ...args: readonly string[]): Promise<void> {
  const child = spawn('git', [...args], { env: { ...context.env }, stdio: ['ignore', 'ignore', 'pipe'] });
  let problem = '';
  child.stderr.on('data', (chunk: Buffer) => {
    problem += chunk.toString();
  });
  const ended = once(child, 'close').catch(() => {
    throw new HawserError('missing-tool', 'git is not installed', { hint: 'apt-get install git' });
  });
  const [code] = await ended;
  if (code !== 0) throw new HawserError('internal', `git ${args.join(' ')}: ${problem.trim()}`);
}

function say({ context }: Tour, text: string): void {
  context.io.out.write(`\n# ${text}\n`);
}

function show({ context }: Tour, line: string): void {
  context.io.out.write(`\n$ ${line}\n`);
}
