// Lines of JSON in a few files of bounded length: the newest is appended to, the oldest goes. What is torn is told and passed
// over, and never in the way of what comes after it.

import { appendFile, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, systemCode } from '../../core/errors.ts';
import { parseJson } from '../../core/json.ts';

export interface JournalOptions {
  readonly folder: string;
  readonly name: string;
  /** Of one file, in bytes. */
  readonly longest: number;
  readonly files: number;
  /** Told once, until a write succeeds again. */
  readonly log: (message: string) => void;
}

export interface Journal {
  /** Returns at once. */
  append(entry: unknown): void;
  /** Resolves when everything appended so far is in its file, or was given up. */
  settled(): Promise<void>;
  /** The newest first, a file at a time; what cannot be read is told to `damaged`. */
  read(damaged: (what: string) => void): AsyncGenerator<unknown>;
}

/** More wait only where the disk does not keep up. */
const MOST_WAITING = 10_000;

/** Entries that follow others at once wait for each other: each batch opens its file. */
const GATHERING_MS = 20;

export function createJournal(options: JournalOptions): Journal {
  const waiting: string[] = [];
  let lost = 0;
  let hasTold = false;
  let working: Promise<void> | undefined;
  let current: { readonly number: number; size: number } | undefined;

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const lines = waiting.splice(0, 500);
      try {
        // Once more with a new file: the one before may be gone.
        current = await appendTo(options, current, lines).catch(() => appendTo(options, undefined, lines));
        hasTold = false;
      } catch (thrown) {
        lost += lines.length;
        current = undefined;
        if (!hasTold) options.log(`the audit in '${options.folder}' cannot be written: ${whyNot(thrown)}`);
        hasTold = true;
      }
      if (waiting.length > 0) await sleep(GATHERING_MS);
    }
    working = undefined;
  }

  return {
    append: (entry) => {
      if (waiting.length >= MOST_WAITING) lost += 1;
      else waiting.push(`${JSON.stringify(entry)}\n`);
      working ??= flush();
    },
    settled: async () => {
      while (working) await working;
    },
    read: async function* (damaged) {
      while (working) await working;
      if (lost > 0) damaged(`${count(lost, 'entry', 'entries')} could not be written since this process began`);
      for (const number of (await numbersOf(options)).reverse()) yield* entriesOf(options, number, damaged);
    },
  };
}

const count = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;

function whyNot(thrown: unknown): string {
  return systemCode(thrown) === 'ENOSPC' ? 'the disk is full' : messageOf(thrown);
}

const pathOf = ({ folder, name }: JournalOptions, number: number): string =>
  join(folder, `${name}-${String(number).padStart(6, '0')}.jsonl`);

async function numbersOf({ folder, name }: JournalOptions): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  const form = new RegExp(`^${name}-(\\d{6,})\\.jsonl$`);
  return names.flatMap((file) => Number(form.exec(file)?.[1] ?? []) || []).sort((a, b) => a - b);
}

type Current = { readonly number: number; size: number };

async function appendTo(
  options: JournalOptions,
  known: Current | undefined,
  lines: readonly string[],
): Promise<Current> {
  let current = known ?? (await openNewest(options));
  let batch: Buffer[] = [];
  let size = current.size;
  for (const line of lines.map((text) => Buffer.from(text))) {
    if (size > 0 && size + line.length > options.longest) {
      await write(options, current, batch);
      batch = [];
      size = 0;
      current = { number: current.number + 1, size };
      await removeOld(options, current.number);
    }
    batch.push(line);
    size += line.length;
  }
  await write(options, current, batch);
  return current;
}

async function write(options: JournalOptions, current: Current, batch: readonly Buffer[]): Promise<void> {
  const bytes = Buffer.concat(batch);
  if (bytes.length === 0) return;
  await appendFile(pathOf(options, current.number), bytes, { mode: 0o600 });
  current.size += bytes.length;
}

/** A file that ends in the middle of a line gets its end, so that the next line is whole. */
async function openNewest(options: JournalOptions): Promise<Current> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const number = (await numbersOf(options)).at(-1) ?? 1;
  const path = pathOf(options, number);
  const size = await stat(path).then(
    (stats) => stats.size,
    () => 0,
  );
  if (size > 0 && !(await endsLine(path, size))) await appendFile(path, '\n');
  return { number, size: size + 1 };
}

async function endsLine(path: string, size: number): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer.toString() === '\n';
  } finally {
    await file.close();
  }
}

async function removeOld(options: JournalOptions, newest: number): Promise<void> {
  const old = (await numbersOf(options)).filter((number) => number <= newest - options.files);
  for (const number of old) await rm(pathOf(options, number), { force: true });
}

async function* entriesOf(
  options: JournalOptions,
  number: number,
  damaged: (what: string) => void,
): AsyncGenerator<unknown> {
  const path = pathOf(options, number);
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    // It was the oldest, and went meanwhile.
    if (systemCode(thrown) !== 'ENOENT') damaged(`${path}: ${messageOf(thrown)}`);
    return '';
  });
  let torn = 0;
  for (const line of text.split('\n').reverse()) {
    if (line === '') continue;
    const entry = parsed(line);
    if (entry === undefined) torn += 1;
    else yield entry;
  }
  if (torn > 0) damaged(`${path}: ${count(torn, 'line', 'lines')} cannot be read`);
}

function parsed(line: string): unknown {
  try {
    return parseJson(line);
  } catch {
    return undefined;
  }
}
