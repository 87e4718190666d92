// The command lines of the transcripts, typed again in drop-in mode against a server that sends what they show: the same exit
// code, the same stream, the same bytes but for what chance and wording made.

import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/cli/io/system-clock.ts';
import { createContext } from '../../src/cli/process-context.ts';
import { runProgram } from '../../src/cli/program.ts';
import { openCoreSystem, renderFolders, type SystemContext } from '../../src/cli/system.ts';
import { type JsonObject, textAt } from '../../src/core/json.ts';
import { inputOf } from '../support/hawser.ts';
import { differenceOf, MOMENT, replaced, TOKEN } from '../support/transcripts/placeholders.ts';
import { type Transcript, transcriptsOf } from '../support/transcripts/read.ts';
import { type Knowledge, shownIn } from '../support/transcripts/scene.ts';
import { historyIn, progressCells } from '../support/transcripts/shown.ts';
import { openWorld, type World } from '../support/transcripts/world.ts';
import { CONFIGS, FILES, OTHERWISE, OURS, SOURCES, WORDING, WRITTEN } from './transcripts.ts';

let world: World | undefined;
let repository: string | undefined;

/** The repository that the recordings deploy from, made when it is first asked for. */
function repositoryFolder(): string {
  if (repository === undefined) {
    repository = join(mkdtempSync(join(tmpdir(), 'hawser-repository-')), 'repository');
    const script = new URL('../../../shared/conformance/argocd/make-repository.sh', import.meta.url);
    execFileSync('sh', [fileURLToPath(script), repository], { stdio: 'pipe' });
  }
  return repository;
}

afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** Our own formats show what the transcripts show: documents whole, tables with the same columns and cells. */
const DOCUMENTED = /^app (get|list|history|resources|patch)|^account (list|get)/;
const TABLES = /^app (list|resources|get-resource|actions list)|^account list|^context/;

// The lines about the configuration go on from one another, questions included: drop-in mode alone replays them.
for (const file of FILES.filter((name) => name !== 'login-context')) {
  describe(`our own way: ${file}`, () => {
    const all = transcriptsOf(file);
    const known = knowledgeOf(all);
    for (const transcript of all) {
      const isAsked = transcript.stdin !== undefined || transcript.tty;
      if (isAsked || OTHERWISE[transcript.id] !== undefined || OURS[transcript.id] !== undefined) continue;
      test(`${transcript.id}: ${transcript.argv.join(' ')}`, async () => {
        const typed = await type(transcript, known, 'hawser');
        const differs = transcript.argv[1] === 'diff' && /=====/.test(transcript.stdout);
        expect(typed.code !== 0, typed.err).toBe(transcript.exit !== 0);
        if (typed.code !== 0 && !differs) {
          if (/-o (json|yaml)/.test(transcript.argv.join(' '))) expect(typed.out).toMatch(/"error"|^error:/m);
          else expect(typed.err).toMatch(/^error: /m);
          expect(typed.err + typed.out).not.toMatch(/^ +at /m);
          return;
        }
        const line = transcript.argv.join(' ');
        const isDocument = /(-o|--output)[ =](json|yaml)/.test(line) && DOCUMENTED.test(line);
        if (transcript.cut || transcript.stdout === '') return;
        if (isDocument) same(replaced(typed.out).trimEnd(), transcript.stdout.trimEnd());
        else if (TABLES.test(line))
          expect(cellsOf(replaced(typed.out))).toEqual(expect.arrayContaining(cellsOf(transcript.stdout)));
      });
    }
  });
}

for (const file of FILES) {
  describe(`drop-in: ${file}`, () => {
    const all = transcriptsOf(file);
    const known = knowledgeOf(all);
    for (const transcript of all) {
      if (OTHERWISE[transcript.id] !== undefined && !process.env['ALL']) continue;
      test(`${transcript.id}: ${transcript.argv.join(' ')}`, async () => {
        const typed = await type(transcript, known);
        expect(typed.code, typed.err).toBe(transcript.exit);
        expect(world?.unknown, String(world?.unknown)).toEqual([]);
        if (/^Usage:/m.test(transcript.stdout)) return expect(typed.out).toMatch(/^Usage:/m);
        if (transcript.cut) return expect(typed.out).not.toBe('');
        if (WORDING[transcript.id] !== undefined) {
          expect([typed.out === '', typed.err === '']).toEqual([transcript.stdout === '', transcript.stderr === '']);
          return;
        }
        const [rows, rest] = parted(replaced(typed.out));
        const [recordedRows, recordedRest] = parted(transcript.stdout);
        same(rest, recordedRest);
        expect(rows).toEqual(recordedRows);
        same(replaced(typed.err), transcript.stderr);
      });
    }
  });
}

function same(ours: string, recorded: string): void {
  const difference = differenceOf(ours, recorded);
  expect(difference, difference).toBe('');
}

function knowledgeOf(all: readonly Transcript[]): Knowledge {
  const applications = new Map<string, JsonObject>();
  let whole: JsonObject[] = [];
  let history: JsonObject[] = [];
  for (const { stdout } of all) {
    const shown = shownIn(stdout);
    for (const app of shown) if (app['status'] !== undefined) applications.set(textAt(app, 'metadata', 'name'), app);
    if (/^NAME +CLUSTER.*TARGET$/m.test(stdout) && shown.length > whole.length) whole = shown;
    if (stdout.startsWith('SOURCE')) history = historyIn(stdout);
  }
  const other = ['0', '1', '2'].map((id) => ({
    id: Number(id),
    deployedAt: MOMENT,
    source: { repoURL: 'r', targetRevision: 'v1' },
    revision: '',
  }));
  return { applications, all: whole, history: history.length > 0 ? history : other, sources: SOURCES };
}

const cellsOf = (text: string): string[][] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));

/** Rows of progress, whose order and number are chance, apart from everything else. */
function parted(text: string): [string[], string] {
  const isRow = (line: string): boolean => /^<time>\+00:00/.test(line);
  const lines = text.split('\n');
  const rows = lines.filter(isRow).map((line) => progressCells(line).join('|'));
  const rest = lines
    .filter((line) => !isRow(line))
    .map((line) => (line.startsWith('TIMESTAMP') ? line.replace(/ +/g, ' ') : line));
  return [rows.sort(), rest.join('\n')];
}

interface Typed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Where the lines of a file that is about the configuration are typed, one after the other. */
const lasting = { home: mkdtempSync(join(tmpdir(), 'hawser-transcripts-')), port: 0 };

async function type(transcript: Transcript, known: Knowledge, program = 'argocd'): Promise<Typed> {
  const isLasting = program === 'argocd' && transcript.id.startsWith('login-context');
  world = await openWorld(transcript, known, isLasting ? lasting.port : 0);
  if (isLasting) lasting.port = world.port;
  const home = isLasting ? lasting.home : mkdtempSync(join(tmpdir(), 'hawser-transcript-'));
  const address = `127.0.0.1:${world.port}`;
  for (const [name, text] of Object.entries(WRITTEN)) await writeFile(join(home, name), text);
  for (const [name, [text, mode]] of Object.entries(CONFIGS)) {
    await writeFile(join(home, name), text.replaceAll('127.0.0.1:8080', address), { mode });
  }
  await mkdir(join(home, 'bin'), { recursive: true });
  await writeFile(join(home, 'bin', 'argocd-hello'), '#!/bin/sh\necho hello "$@"\nexit 7\n', { mode: 0o755 });
  process.chdir(home);
  const config = {
    contexts: [{ name: address, server: address, user: address }],
    'current-context': address,
    servers: [{ server: address, 'plain-text': true }],
    users: [{ name: address, 'auth-token': TOKEN }],
  };
  if (!isLasting) {
    await mkdir(join(home, '.config', 'argocd'), { recursive: true });
    await writeFile(join(home, '.config', 'argocd', 'config'), JSON.stringify(config), { mode: 0o600 });
  }
  const toOurs = (text: string): string =>
    text
      .replaceAll(/(127\.0\.0\.1|localhost):8080/g, `$1:${address.split(':')[1]}`)
      .replaceAll('<token>', TOKEN)
      .replaceAll(/\$\{repo\}/g, () => repositoryFolder());
  let out = '';
  let err = '';
  const write = (text: string): void => {
    out += text;
  };
  const env = Object.fromEntries(Object.entries(transcript.env).map(([name, value]) => [name, toOurs(value)]));
  const system: SystemContext = {
    env: { PATH: process.env['PATH'], ...env, HOME: home },
    clock: systemClock,
    version: '1.2.3',
    say: () => undefined,
    signal: new AbortController().signal,
  };
  const live = createContext({
    io: {
      out: { write, terminal: transcript.tty, columns: () => 400, rows: () => 24 },
      err: {
        write: (text) => {
          err += text;
        },
        terminal: false,
        columns: () => 400,
        rows: () => 24,
      },
      input: inputOf(transcript.stdin ?? ''),
    },
    env: { PATH: `${join(home, 'bin')}:${process.env['PATH']}`, HOME: home, TZ: 'UTC', ...env },
    clock: { now: () => Date.parse(MOMENT), sleep: (milliseconds, signal) => sleep(milliseconds, signal) },
    program,
    signal: new AbortController().signal,
    version: () => '1.2.3',
    openLocal: () => Promise.reject(new Error('no local system in drop-in mode')),
    openCore: (options) => openCoreSystem(system, options),
    openForward: () => Promise.reject(new Error('no cluster is forwarded here')),
    ownSystem: () => Promise.reject(new Error('no local system in drop-in mode')),
    resetSystem: () => Promise.reject(new Error('no local system in drop-in mode')),
    renderFolders: (options, rendering) => renderFolders({ ...options, ...system }, rendering),
    openJq: () => Promise.reject(new Error('no expression was expected')),
    inspect: () => Promise.reject(new Error('the reference does not look at a machine')),
    openKubeconfig: () => Promise.reject(new Error('no kubeconfig is read here')),
    openOffline: () => Promise.reject(new Error('the reference renders nothing without a server')),
    planSync: () => Promise.reject(new Error('the reference has no plans')),
    settingsTools: () => Promise.reject(new Error('no settings are judged here')),
  });
  const code = await runProgram(transcript.argv.map(toOurs), live);
  const back = (text: string): string => text.replaceAll(address.slice(address.indexOf(':')), ':8080');
  return { code, out: back(out), err: back(err) };
}

/** Deadlines that were typed are some moments, so that what is on the wire has come before they end; others never come. */
function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const isDefault = milliseconds >= 60_000;
    const timer = isDefault ? undefined : setTimeout(resolve, milliseconds >= 1000 ? 150 : 5);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(new Error('aborted'));
      },
      { once: true },
    );
  });
}
