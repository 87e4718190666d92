// `hawser top` in a real terminal: keys, sizes, and a clean terminal behind it, however it ends.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTerminal, type Terminal } from '../support/terminal.ts';
import { create, createWorkplace, type Workplace } from '../support/workplace.ts';

const ESCAPE = '\u001b';
const ENTER = '\r';

let place: Workplace;

beforeEach(async () => {
  place = await createWorkplace();
  expect(await place.hawser(create('shop', place))).toMatchObject({ code: 0 });
});

afterEach(() => place.remove());

/** The second screen is left, the cursor is visible, lines wrap again. */
function expectClean(terminal: Terminal): void {
  const raw = terminal.raw();
  for (const [on, off] of [
    [`${ESCAPE}[?1049h`, `${ESCAPE}[?1049l`],
    [`${ESCAPE}[?25l`, `${ESCAPE}[?25h`],
    [`${ESCAPE}[?7l`, `${ESCAPE}[?7h`],
  ] as const) {
    expect(raw.lastIndexOf(off)).toBeGreaterThan(raw.lastIndexOf(on));
  }
  expect(terminal.screen()).not.toContain('hawser top');
}

describe('hawser top', () => {
  test('shows, opens, compares, filters and syncs, and quits with 0', async () => {
    const terminal = openTerminal(place, 'top');
    await terminal.shows(/> shop .*OutOfSync/);
    terminal.type(ENTER);
    await terminal.shows('2 resources');
    terminal.type('d');
    await terminal.shows('+kind: Deployment');
    terminal.type(ESCAPE);
    await terminal.shows('2 resources');
    terminal.type(ESCAPE);
    await terminal.shows('Enter open');
    terminal.type('/zz');
    await terminal.shows("none of 1 matches 'zz'");
    terminal.type(ESCAPE);
    await terminal.shows('> shop');
    terminal.type('s');
    await terminal.shows('Sync shop? (y/N)');
    terminal.type('y');
    await terminal.shows(/> shop .* Synced/);
    terminal.type('q');
    expect(await terminal.ended).toBe(0);
    expectClean(terminal);
  });

  test('fits the window at every size', async () => {
    const terminal = openTerminal(place, 'top');
    await terminal.shows('> shop');
    for (const [columns, rows] of [
      [60, 12],
      [40, 6],
      [20, 3],
      [100, 30],
    ] as const) {
      terminal.resize(columns, rows);
      await new Promise((resolve) => setTimeout(resolve, 300));
      await terminal.shows('shop');
      expect(terminal.screen().split('\n').length).toBeLessThanOrEqual(rows);
    }
    terminal.type('\u0003');
    expect(await terminal.ended).toBe(0);
    expectClean(terminal);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 143],
    ['SIGINT', 130],
  ] as const)('%s ends it with %i', async (signal, code) => {
    const terminal = openTerminal(place, 'top');
    await terminal.shows('> shop');
    terminal.signal(signal);
    expect(await terminal.ended).toBe(code);
    expectClean(terminal);
  });
});
