// Someone who leaves at a question, at each question there is: nothing is done, and the terminal is as it was.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTerminal, type Terminal } from '../support/terminal.ts';
import { create, createWorkplace, type Workplace } from '../support/workplace.ts';

const ENTER = '\r';

let place: Workplace;

beforeEach(async () => {
  place = await createWorkplace();
});

afterEach(() => place.remove());

const LEAVING = [
  ['Ctrl-C', 130, (terminal: Terminal) => terminal.type('\u0003')],
  ['Ctrl-D', 130, (terminal: Terminal) => terminal.type('\u0004')],
  ['SIGINT', 130, (terminal: Terminal) => terminal.signal('SIGINT')],
  ['SIGTERM', 143, (terminal: Terminal) => terminal.signal('SIGTERM')],
  ['SIGHUP', 143, (terminal: Terminal) => terminal.signal('SIGHUP')],
] as const;

/** The cursor is visible, and the end is said in a sentence. */
function expectClean(terminal: Terminal): void {
  const raw = terminal.raw();
  expect(raw.lastIndexOf('\u001b[?25h')).toBeGreaterThanOrEqual(raw.lastIndexOf('\u001b[?25l'));
  expect(terminal.screen()).toMatch(/stopped at a question/);
  expect(terminal.screen()).not.toMatch(/\n\s+at /);
}

const STEPS = [
  ['Repository', (): string => place.repository.url],
  ['Revision', () => ''],
  ['Path', () => ''],
  ['Name', () => 'stopped'],
  ['Namespace', () => ''],
  ['automated, with prune and self-heal', () => ''],
  ["Create 'stopped'?", () => ''],
] as const;

describe.each(STEPS.map(([text], index) => [text, index] as const))('app create, at %s', (_, step) => {
  test.each([LEAVING[step % 5], LEAVING[(step + 2) % 5]].flatMap((way) => (way ? [way] : [])))(
    '%s ends with %i',
    async (_name, code, leave) => {
      const terminal = openTerminal(place, 'app create');
      for (const [index, [text, answer]] of STEPS.entries()) {
        await terminal.shows(text);
        if (index === step) break;
        terminal.type(`${answer()}${ENTER}`);
      }
      leave(terminal);
      expect(await terminal.ended).toBe(code);
      expectClean(terminal);
      expect(await place.hawser('app list -o name')).toMatchObject({ out: '' });
    },
  );
});

describe.each(['app get', 'app delete', 'app sync'])('the picker of %s', (line) => {
  test.each(LEAVING)('%s ends with %i', async (_name, code, leave) => {
    expect(await place.hawser(create('picked', place))).toMatchObject({ code: 0 });
    const terminal = openTerminal(place, line);
    await terminal.shows('picked');
    leave(terminal);
    expect(await terminal.ended).toBe(code);
    expectClean(terminal);
    expect(await place.hawser('app list -o name')).toMatchObject({ out: 'argocd/picked\n' });
  });
});

test('a screen reader is asked in lines, without a picture', async () => {
  await mkdir(join(place.folder, 'hawser'), { recursive: true });
  await writeFile(join(place.folder, 'hawser', 'preferences.yaml'), 'screenReader: true\n');
  const terminal = openTerminal(place, 'app create', { HAWSER_CONFIG_DIR: join(place.folder, 'hawser') });
  for (const [text, answer] of STEPS.slice(0, 5)) {
    await terminal.shows(text);
    terminal.type(`${answer()}${ENTER}`);
  }
  await terminal.shows(/\d\. automated, with prune and self-heal/);
  terminal.type(`1${ENTER}`);
  await terminal.shows("Create 'stopped'?");
  terminal.type(ENTER);
  expect(await terminal.ended).toBe(0);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: nothing moves the cursor
  expect(terminal.raw()).not.toMatch(/\u001b\[\d*[ABCDGJK]|\u001b\[\?/);
}, 30_000);
