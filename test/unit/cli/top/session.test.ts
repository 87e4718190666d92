// Keys and events in, a picture out.

import { describe, expect, test } from 'vitest';
import { createSession, type Session, type Tasks } from '../../../../src/cli/top/session.ts';
import { FIRST_STATE } from '../../../../src/cli/top/state.ts';
import { HawserError } from '../../../../src/core/errors.ts';
import type { Application } from '../../../../src/model/application.ts';
import type { WindowLook } from '../../../../src/render/fleet.ts';
import { ASCII_GLYPHS, UNICODE_GLYPHS } from '../../../../src/render/glyphs.ts';
import { PLAIN } from '../../../../src/render/style.ts';
import { widthOf } from '../../../../src/render/width.ts';
import { anApplication } from '../../../support/applications.ts';

const NOW = Date.parse('2026-01-05T10:00:00Z');
const WIDE: WindowLook = { columns: 100, rows: 14, style: PLAIN, glyphs: UNICODE_GLYPHS };

const FLEET = [
  anApplication({ name: 'shop' }),
  anApplication({ name: 'billing', health: 'Degraded' }),
  anApplication({ name: 'search', sync: 'OutOfSync' }),
];

const EVIL = 'evil\u001b[2J\u0007\nname';

interface Scene {
  readonly session: Session;
  readonly calls: string[];
  press(...keys: readonly string[]): string | undefined;
  text(look?: WindowLook): string;
}

/** Lets everything happen that was begun. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

function begin(applications: readonly Application[] = FLEET, tasks: Partial<Tasks> = {}): Scene {
  const calls: string[] = [];
  let now = NOW;
  const session = createSession({
    server: 'cd.example.com',
    start: FIRST_STATE,
    now: () => now++,
    update: () => undefined,
    tasks: {
      fetch: async ({ name }) => anApplication({ name, health: 'Degraded' }),
      causes: async () => ['Pod web-1: ImagePullBackOff'],
      diff: async ({ name }) => ['===== apps/Deployment shop/web ======', '@@ -1,1 +1,1 @@', `-of ${name}`, '+b'],
      sync: async (name) => {
        calls.push(`sync ${name}`);
        return {
          text: `sync of ${name} requested`,
          application: { ...anApplication({ name }), operation: { sync: {} } },
        };
      },
      refresh: async (name, _, refresh) => {
        calls.push(`${refresh} ${name}`);
        return { text: `${name} refreshed` };
      },
      failureText: String,
      ...tasks,
    },
  });
  session.take({ type: 'LIST', applications });
  return {
    session,
    calls,
    press: (...keys) => keys.map((key) => session.press(key, WIDE)).at(-1),
    text: (look = WIDE) => session.draw(look).join('\n'),
  };
}

const selectedIn = (text: string): string | undefined => /^> (\S+)/m.exec(text)?.[1];

describe('the fleet', () => {
  test('counts states, what is wrong first, and selects the worst', () => {
    const { text } = begin();
    expect(text()).toMatch(/Health {2}✗ 1 Degraded {2}✓ 2 Healthy/);
    expect(text()).toMatch(/Sync {4}● 1 OutOfSync {2}✓ 2 Synced/);
    expect(text().match(/^[> ] (billing|search|shop)/gm)).toEqual(['> billing', '  search', '  shop']);
  });

  test('the selection stays with its application when the order changes', () => {
    const { session, press, text } = begin();
    press('down');
    session.take({ type: 'MODIFIED', application: anApplication({ name: 'shop', health: 'Degraded' }) });
    expect(selectedIn(text())).toBe('search');
    session.take({ type: 'DELETED', application: anApplication({ name: 'search' }) });
    expect(text()).not.toContain('search');
    expect(text()).toMatch(/^> /m);
  });

  test('a list takes away what is gone, and counts again', () => {
    const { session, text } = begin();
    session.take({ type: 'LIST', applications: [anApplication({ name: 'shop' })] });
    expect(text()).toContain('1 application ');
    expect(text()).not.toContain('Degraded');
  });

  test('a filter narrows, Enter leaves it, Escape clears it', () => {
    const { press, text } = begin();
    press('/', 'd', 'e', 'g', 'r');
    expect(text()).toContain('/degr_');
    expect(text()).toContain('1 of 3 applications');
    press('enter');
    expect(text()).toContain('filter: degr');
    press('escape');
    expect(text()).toContain('3 applications');
    press('/', 'z', 'q');
    expect(text()).toContain("none of 3 matches 'zq'");
    expect(press('ctrl-c')).toBe('quit');
  });

  test('old data is said to be old', () => {
    const { session, text } = begin();
    session.take({ type: 'LOST', error: new Error('gone') });
    expect(text()).toMatch(/not connected: this is \d s old; connecting again/);
    session.take({ type: 'LIST', applications: FLEET });
    expect(text()).not.toContain('not connected');
  });

  test('the window follows the selection over 5,000 applications', () => {
    const many = Array.from({ length: 5000 }, (_, index) =>
      anApplication({ name: `app-${String(index).padStart(4, '0')}` }),
    );
    const { press, text } = begin(many);
    press('end');
    expect(selectedIn(text())).toBe('app-4999');
    press('up', 'page-up');
    expect(selectedIn(text())).toMatch(/^app-49\d\d$/);
    press('home');
    expect(selectedIn(text())).toBe('app-0000');
  });

  test.each(['q', 'ctrl-c', 'closed'])('%s quits', (key) => {
    expect(begin().press(key)).toBe('quit');
  });
});

describe('what is done to an application', () => {
  test('a sync is asked for after a yes alone', async () => {
    const { press, text, calls, session } = begin();
    press('s');
    expect(text()).toContain('Sync billing? (y/N)');
    press('enter');
    press('s', 'n');
    press('s', 'q');
    expect(calls).toEqual([]);
    press('s', 'y');
    await settled();
    expect(calls).toEqual(['sync billing']);
    expect(text()).toContain('sync of billing requested');
    expect(session.running()).toEqual(['billing']);
    session.take({ type: 'MODIFIED', application: anApplication({ name: 'billing' }) });
    expect(session.running()).toEqual([]);
  });

  test('an answer that is older than what the stream has told changes nothing', async () => {
    const { press, session, text } = begin(undefined, {
      refresh: async () => ({ text: 'refreshed', application: anApplication({ name: 'billing', health: 'Missing' }) }),
    });
    const later = anApplication({ name: 'billing' });
    session.take({
      type: 'MODIFIED',
      application: { ...later, metadata: { ...later.metadata, resourceVersion: '8' } },
    });
    press('down', 'r');
    expect(text()).toContain('refreshing billing');
    await settled();
    expect(text()).not.toContain('Missing');
  });

  test('r and R refresh', async () => {
    const { press, calls } = begin();
    press('r', 'R');
    await settled();
    expect(calls).toEqual(['normal billing', 'hard billing']);
  });

  test('Enter shows the resources with what is to blame', async () => {
    const { press, text } = begin();
    press('enter');
    expect(text()).toContain('loading');
    await settled();
    expect(text()).toContain('ImagePullBackOff');
    expect(text()).toMatch(/✗ Service web +Degraded/);
    press('escape');
    expect(text()).toContain('hawser top');
  });

  test('d shows the difference, and a failure in its place', async () => {
    const { press, text } = begin();
    press('d');
    expect(text()).toContain('comparing');
    await settled();
    expect(text()).toContain('-of billing');
    const failing = begin(undefined, { diff: () => Promise.reject(new HawserError('unreachable', 'no server')) });
    failing.press('d');
    await settled();
    expect(failing.text()).toContain('no server');
  });

  test('an answer for another application is not shown', async () => {
    const { press, text } = begin();
    press('d', 'escape', 'down', 'd');
    await settled();
    expect(text()).toContain('-of search');
    expect(text()).not.toContain('-of billing');
  });

  test('one that is deleted while it is open says so', async () => {
    const { press, text, session } = begin();
    press('enter');
    await settled();
    session.take({ type: 'DELETED', application: anApplication({ name: 'billing' }) });
    expect(text()).toContain('it was deleted');
  });
});

describe('every window', () => {
  const named = (name: string): Application => anApplication({ name, health: 'Degraded', sync: 'OutOfSync' });
  const fleet = [...FLEET, named('漢字'.repeat(20)), named('🚀'.repeat(30)), named(EVIL), named('x'.repeat(63))];
  const sizes = [1, 2, 3, 5, 8, 12, 24].flatMap((rows) =>
    [20, 30, 40, 60, 69, 70, 80, 120, 200].map((columns) => ({ rows, columns })),
  );
  const screens: readonly (readonly [string, readonly string[]])[] = [
    ['fleet', []],
    ['filter', ['/', 'e']],
    ['question', ['s']],
    ['application', ['enter']],
    ['diff', ['d']],
    ['help', ['?']],
  ];

  test.each(screens)('holds the %s', async (_, keys) => {
    const { press, session } = begin(fleet);
    session.take({ type: 'LOST', error: new Error('gone') });
    press(...keys);
    await settled();
    for (const glyphs of [UNICODE_GLYPHS, ASCII_GLYPHS]) {
      for (const size of sizes) {
        const lines = session.draw({ ...size, style: PLAIN, glyphs });
        expect(lines.length, JSON.stringify(size)).toBeLessThanOrEqual(size.rows);
        for (const line of lines)
          expect(widthOf(line), `${JSON.stringify(size)} ${line}`).toBeLessThanOrEqual(size.columns);
      }
    }
  });

  test('control characters are shown, not obeyed', () => {
    const { text } = begin(fleet);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
    expect(text()).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(text()).toContain('evil^[[2J^G name');
  });
});
