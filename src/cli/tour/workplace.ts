// What the tour works with: a repository and a data folder of its own, a server, and commands typed as a person would.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process, { argv, execPath } from 'node:process';
import { unlessAborted } from '../../core/abort.ts';
import { HawserError } from '../../core/errors.ts';
import { shellWord } from '../../core/shell-word.ts';
import { wrapWords } from '../../render/help-page.ts';
import { dataFolder } from '../config/data-folder.ts';
import type { Context } from '../context.ts';
import { commandWord } from './command-word.ts';

export const APP = 'guestbook';

const READY = /listens on/;
/** Says that a folder was made by the tour, and may be made anew by it. */
const MARKER = '.hawser-demo';

export interface Tour {
  readonly folder: string;
  readonly repository: string;
  readonly data: string;
  /** How lines call the program. */
  readonly command: string;
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
  const command = commandWord(context.env, argv[1] ?? 'hawser');
  return { folder, repository, data: join(folder, 'data'), command, context };
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

/** The environment in which the lines of the tour work when they are pasted. */
export function showEnvironment(tour: Tour): void {
  show(tour, `export HAWSER_CONTEXT=local HAWSER_DATA_DIR=${shellWord(tour.data)}`);
}

/** Version 2 with three replicas, as one would edit it. */
export async function editManifests(tour: Tour): Promise<void> {
  const file = join(tour.repository, APP, 'deployment.yaml');
  show(tour, `sed -i.bak 's/:v1/:v2/; s/replicas: 2/replicas: 3/' ${shellWord(file)}`);
  await writeManifests(tour.repository, 'v2', 3);
}

export async function startServer(tour: Tour): Promise<ChildProcess> {
  show(tour, `${tour.command} server --port 0 &`);
  const log = join(tour.folder, 'server.log');
  // A group of its own: Ctrl-C is for the tour, which then ends the server, once.
  const server = spawn(execPath, [argv[1] ?? '', 'server', '--port', '0'], {
    env: environment(tour),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  // It ends with the tour, or does not start: either is seen below.
  server.on('error', () => undefined);
  // Where nobody reads on, as in `| head`, the tour ends in the midst of a line.
  const end = (): void => void server.kill('SIGTERM');
  process.once('exit', end);
  server.once('close', () => process.off('exit', end));
  let text = '';
  for (const stream of [server.stdout, server.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  server.on('close', () => void writeFile(log, text));
  try {
    while (!READY.test(text)) {
      if (server.exitCode !== null) throw new HawserError('internal', `the server did not start: ${text.trim()}`);
      await tour.context.clock.sleep(50, tour.context.signal);
    }
  } catch (thrown) {
    server.kill('SIGTERM');
    throw thrown;
  }
  return server;
}

/** Types a command as a person would, and shows it first. */
export async function hawser(tour: Tour, ...words: readonly string[]): Promise<void> {
  const code = await tryHawser(tour, ...words);
  if (code !== 0) throw new HawserError('internal', `'hawser ${words.join(' ')}' ended with exit code ${code}`);
}

/** The same, where the command may fail: answers its exit code. In a terminal it has the terminal to itself. */
export async function tryHawser(tour: Tour, ...words: readonly string[]): Promise<number> {
  const { io, signal } = tour.context;
  show(tour, [tour.command, ...words.map(shellWord)].join(' '));
  const child = spawn(execPath, [argv[1] ?? '', ...words], {
    env: environment(tour),
    stdio: io.out.terminal ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    signal,
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => io.out.write(chunk.toString()));
  const ended = once(child, 'close').catch((thrown: unknown) => {
    throw signal.aborted ? signal.reason : thrown;
  });
  const [code] = await ended;
  return Number(code);
}

/** What a command answers, without showing it. */
export async function askHawser(tour: Tour, ...words: readonly string[]): Promise<string> {
  const { signal } = tour.context;
  const child = spawn(execPath, [argv[1] ?? '', ...words], {
    env: environment(tour),
    stdio: ['ignore', 'pipe', 'ignore'],
    signal,
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(child, 'close').catch((thrown: unknown) => {
    throw signal.aborted ? signal.reason : thrown;
  });
  return text;
}

/** Waits for Enter where somebody reads; anything but Enter ends the tour. */
export async function pause({ context }: Tour): Promise<boolean> {
  const { io, signal, prompt } = context;
  if (!prompt.possible || !io.out.terminal) return true;
  io.out.write('\nEnter goes on, q ends the tour: ');
  const line = await unlessAborted(io.input.line(), signal);
  return line !== undefined && line.trim() === '';
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
  };
}

const AUTHOR = ['-c', 'user.name=Hawser', '-c', 'user.email=hawser@example.com'];

export async function commit(tour: Tour, message: string): Promise<void> {
  show(tour, `git -C ${shellWord(tour.repository)} add -A`);
  await git(tour, '-C', tour.repository, 'add', '-A');
  show(tour, `git -C ${shellWord(tour.repository)} commit -q -m ${shellWord(message)}`);
  await git(tour, '-C', tour.repository, ...AUTHOR, 'commit', '-q', '-m', message);
}

export async function head(tour: Tour): Promise<string> {
  const reference = await readFile(join(tour.repository, '.git', 'refs', 'heads', 'main'), 'utf8');
  return reference.trim();
}

export async function initialise(tour: Tour): Promise<void> {
  show(tour, `git init -q -b main ${shellWord(tour.repository)}`);
  await git(tour, 'init', '-q', '-b', 'main', tour.repository);
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

export function say({ context }: Tour, text: string): void {
  const { io } = context;
  const lines = wrapWords(text, (io.out.terminal ? io.out.columns() : 120) - 2);
  io.out.write(`\n${lines.map((line) => `# ${line}\n`).join('')}`);
}

/** A line that can be pasted as it stands. */
export function show({ context }: Tour, line: string): void {
  context.io.out.write(`$ ${line}\n`);
}
