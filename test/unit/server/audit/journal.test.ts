// Lines in bounded files: what is torn is told and passed over.

import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createJournal, type Journal } from '../../../../src/server/audit/journal.ts';

let folder: string;
let log: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-journal-'));
  log = [];
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (where = join(folder, 'audit')): Journal =>
  createJournal({ folder: where, name: 'changes', longest: 1000, files: 3, log: (message) => log.push(message) });

async function all(journal: Journal): Promise<{ readonly entries: unknown[]; readonly damage: string[] }> {
  const damage: string[] = [];
  const entries: unknown[] = [];
  for await (const entry of journal.read((what) => damage.push(what))) entries.push(entry);
  return { entries, damage };
}

test('tells the newest first, over processes, to nobody else', async () => {
  const first = open();
  first.append({ n: 1 });
  first.append({ n: 2 });
  await first.settled();
  const second = open();
  second.append({ n: 3 });
  expect(await all(second)).toEqual({ entries: [{ n: 3 }, { n: 2 }, { n: 1 }], damage: [] });
  expect(statSync(join(folder, 'audit')).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'audit', 'changes-000001.jsonl')).mode & 0o777).toBe(0o600);
});

test('lets the oldest go', async () => {
  const journal = open();
  for (let n = 1; n <= 200; n += 1) journal.append({ n, text: 'x'.repeat(50) });
  const { entries } = await all(journal);
  const files = readdirSync(join(folder, 'audit'));
  expect(files).toHaveLength(3);
  for (const file of files) expect(statSync(join(folder, 'audit', file)).size).toBeLessThanOrEqual(1000);
  expect(entries[0]).toMatchObject({ n: 200 });
  expect(entries.length).toBeGreaterThan(20);
  expect(entries.length).toBeLessThan(60);
});

test('passes over a torn line, says so, and goes on behind it', async () => {
  const journal = open();
  journal.append({ n: 1 });
  await journal.settled();
  const path = join(folder, 'audit', 'changes-000001.jsonl');
  appendFileSync(path, '{"n":2,"te');
  const next = open();
  next.append({ n: 3 });
  const { entries, damage } = await all(next);
  expect(entries).toEqual([{ n: 3 }, { n: 1 }]);
  expect(damage).toEqual([`${path}: 1 line cannot be read`]);
  expect(readFileSync(path, 'utf8')).toBe('{"n":1}\n{"n":2,"te\n{"n":3}\n');
});

test('says once that it cannot write, how much is lost, and goes on when it can', async () => {
  const blocked = join(folder, 'blocked');
  writeFileSync(blocked, 'a file');
  const journal = open(blocked);
  journal.append({ n: 1 });
  await journal.settled();
  journal.append({ n: 2 });
  await journal.settled();
  expect(log).toEqual([expect.stringMatching(/^the audit in '.*blocked' cannot be written: /)]);
  rmSync(blocked);
  journal.append({ n: 3 });
  expect(await all(journal)).toEqual({
    entries: [{ n: 3 }],
    damage: ['2 entries could not be written since this process began'],
  });
});
