// What the tour works with: a repository and a data folder of its own, a server, and commands typed as a person would.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { argv, execPath } from 'node:process';
import { HawserError } from '../../core/errors.ts';
import { dataFolder } from '../config/data-folder.ts';
import type { Context } from '../context.ts';

export const APP = 'guestbook';

const READY = /listens on/;
/** Says that a folder was made by the tour, and may be made anew by it. */
const MARKER = '.hawser-demo';

export interface Tour {
  readonly folder: string;
  readonly repository: string;
  readonly data: string;
  readonly context: Context;
}

export async function prepare(context: Context): Promise<Tour> {
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

export async function writeManifests(repository: string, version: string, replicas: number): Promise<void> {
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

export async function startServer(tour: Tour): Promise<ChildProcess> {
  show(tour, 'hawser server --port 0 &');
  const log = join(tour.folder, 'server.log');
  const server = spawn(execPath, [argv[1] ?? '', 'server', '--port', '0'], {
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
export async function hawser(tour: Tour, line: string): Promise<void> {
  show(tour, `hawser ${line}`);
  const child = spawn(execPath, [argv[1] ?? '', ...line.split(' ')], {
    env: environment(tour),
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: tour.context.signal,
  });
  child.stdout.on('data', (chunk: Buffer) => tour.context.io.out.write(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => tour.context.io.out.write(chunk.toString()));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new HawserError('internal', `'hawser ${line}' ended with exit code ${code}`);
}

/** The tour's own data and configuration, whatever is set outside. */
function environment({ data, folder, context }: Tour): NodeJS.ProcessEnv {
  const inherited = Object.entries(context.env).filter(
    ([name]) => !/^(ARGOCD|HAWSER)_/.test(name) || name === 'HAWSER_TOOLS',
  );
  return {
    ...Object.fromEntries(inherited),
    HAWSER_DATA_DIR: data,
    HAWSER_CONTEXT: 'local',
    ARGOCD_CONFIG_DIR: join(folder, 'config'),
    ...(context.io.out.terminal ? { FORCE_COLOR: context.env['NO_COLOR'] ? '0' : '1' } : {}),
  };
}

export async function commit(tour: Tour, message: string): Promise<void> {
  await git(tour, '-C', tour.repository, 'add', '-A');
  const author = ['-c', 'user.name=Hawser', '-c', 'user.email=hawser@example.com'];
  show(tour, `git commit -m '${message}'`);
  await git(tour, '-C', tour.repository, ...author, 'commit', '-q', '-m', message);
}

export async function head(tour: Tour): Promise<string> {
  const reference = await readFile(join(tour.repository, '.git', 'refs', 'heads', 'main'), 'utf8');
  return reference.trim();
}

export async function git({ context }: Tour, ...args: readonly string[]): Promise<void> {
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

export function say({ context }: Tour, text: string): void {
  context.io.out.write(`\n# ${text}\n`);
}

function show({ context }: Tour, line: string): void {
  context.io.out.write(`\n$ ${line}\n`);
}
