// docs/commands and the man pages are what the command tree says.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/docs.js', import.meta.url));
const documents = fileURLToPath(new URL('../../docs/commands', import.meta.url));

test('docs/commands is current (npm run docs)', () => {
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('no link of docs/commands leads nowhere', () => {
  const names = readdirSync(documents);
  const links = names.flatMap((name) =>
    [...readFileSync(join(documents, name), 'utf8').matchAll(/\]\(([^)]*)\)/g)].map(([, link = '']) => link),
  );
  expect(links.length).toBeGreaterThan(100);
  expect(links.filter((link) => !names.includes(link))).toEqual([]);
});

test('there is a man page for every document, of requests that man knows', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-man-'));
  try {
    const { status } = spawnSync(process.execPath, [script, '--man', join(folder, 'man')]);
    expect(status).toBe(0);
    const names = readdirSync(join(folder, 'man'));
    expect(names).toHaveLength(readdirSync(documents).length);
    expect(names).toEqual(expect.arrayContaining(['hawser.1', 'hawser-app-sync.1', 'hawser-help-ci.1']));
    for (const name of names) {
      const text = readFileSync(join(folder, 'man', name), 'utf8');
      expect(text).toMatch(/^[.]TH "HAWSER[A-Z-]*" "1" "" "hawser \d/);
      const odd = text
        .split('\n')
        .filter((line) => !/^([.](TH|SH|TP|PP|B|BR|RS|RE|nf|fi|br)\b|[\x20-\x7e]*$)/.test(line));
      expect(odd).toEqual([]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
