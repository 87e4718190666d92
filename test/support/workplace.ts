// A person's place of work: a home, a data folder, a Git repository, and the real program to type.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectClean } from './controls.ts';
import { createGitRepository, type GitRepository } from './git-repository.ts';

export const PROGRAM = fileURLToPath(new URL('../../bin/hawser.js', import.meta.url));
export const SERVER = 'https://kubernetes.default.svc';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has written so far. */
  out(): string;
  err(): string;
}

export interface Workplace {
  readonly folder: string;
  readonly data: string;
  readonly repository: GitRepository;
  readonly env: NodeJS.ProcessEnv;
  /** Types a command and waits for its end. */
  hawser(line: string | readonly string[], extra?: Extra): Promise<Ended>;
  /** Types a command and leaves it running. */
  start(line: string | readonly string[], extra?: Extra): Running;
  remove(): Promise<void>;
}

export interface Extra {
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  /** A shell line in which "$@" is the command. */
  readonly shell?: string;
}

export const GUESTBOOK = `apiVersion: apps/v1
kind: Deployment
metadata: {name: guestbook}
spec:
  replicas: 1
  selector: {matchLabels: {app: guestbook}}
  template:
    metadata: {labels: {app: guestbook}}
    spec: {containers: [{name: web, image: "guestbook:v1"}]}
---
apiVersion: v1
kind: Service
metadata: {name: guestbook}
spec: {selector: {app: guestbook}, ports: [{port: 80}]}
`;

export async function createWorkplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'hawser-work-'));
  const repository = await createGitRepository();
  const data = join(folder, 'data');
  const env: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: join(folder, 'home'),
    HAWSER_DATA_DIR: data,
    HAWSER_CONTEXT: 'local',
    XDG_RUNTIME_DIR: folder,
  };
  const children = new Set<ChildProcess>();
  await repository.commit({ 'guestbook/all.yaml': GUESTBOOK });

  function start(line: string | readonly string[], extra: Extra = {}): Running {
    const words = typeof line === 'string' ? line.split(' ') : line;
    const command = [process.execPath, PROGRAM, ...words];
    const [file = '', ...args] = extra.shell ? ['sh', '-c', extra.shell, 'sh', ...command] : command;
    const child = spawn(file, args, {
      cwd: folder,
      env: { ...env, ...extra.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(extra.uid === undefined ? {} : { uid: extra.uid, gid: extra.uid }),
    });
    children.add(child);
    let out = '';
    let err = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    const ended = once(child, 'close').then(([code]) => {
      children.delete(child);
      return { code: typeof code === 'number' ? code : null, out: expectClean(out), err: expectClean(err) };
    });
    return { child, ended, out: () => out, err: () => err };
  }

  return {
    folder,
    data,
    repository,
    env,
    start,
    hawser: (line, extra) => start(line, extra).ended,
    remove: async () => {
      for (const child of children) child.kill('SIGKILL');
      await Promise.all([rm(folder, { recursive: true, force: true }), repository.remove()]);
    },
  };
}

/** `app create` of the guestbook, with whatever is added. */
export function create(name: string, { repository }: Workplace, more = ''): string {
  const line = `app create ${name} --repo ${repository.url} --path guestbook --dest-server ${SERVER} --dest-namespace default`;
  return more === '' ? line : `${line} ${more}`;
}

/** Waits until something holds; the error says what was waited for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, seconds = 15): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
