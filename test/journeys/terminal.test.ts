// What a person at a terminal sees: questions, colours, redraws, and Ctrl-C.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTerminal } from '../support/terminal.ts';
import { create, createWorkplace, GUESTBOOK, type Workplace } from '../support/workplace.ts';

const CTRL_C = '\u0003';
const ENTER = '\r';

let place: Workplace;

beforeEach(async () => {
  place = await createWorkplace();
});

afterEach(() => place.remove());

/** The Service waits for a Deployment that never becomes healthy: an operation that runs as long as one likes. */
async function commitEndlessSync(): Promise<void> {
  const hanging = GUESTBOOK.replace(
    'labels: {app: guestbook}}',
    'labels: {app: guestbook}, annotations: {hawser.dev/fault: hang}}',
  ).replace(
    'kind: Service\nmetadata: {name: guestbook}',
    'kind: Service\nmetadata: {name: guestbook, annotations: {argocd.argoproj.io/sync-wave: "1"}}',
  );
  await place.repository.commit({ 'guestbook/all.yaml': hanging });
}

describe('app create with nothing given', () => {
  test('asks, shows the Application and the equal command line, and creates it', async () => {
    const terminal = openTerminal(place, 'app create');
    await terminal.shows('Repository (URL or folder)');
    terminal.type(`./nowhere${ENTER}`);
    await terminal.shows('there is no such folder');
    terminal.type(`\u0015${place.repository.url}${ENTER}`);
    await terminal.shows('Revision');
    terminal.type(ENTER);
    await terminal.shows(/Path[\s\S]*guestbook/);
    terminal.type(ENTER);
    await terminal.shows('Name');
    terminal.type(`asked${ENTER}`);
    await terminal.shows('Namespace');
    terminal.type(ENTER);
    await terminal.shows('automated, with prune and self-heal');
    terminal.type(ENTER);
    await terminal.shows("Create 'asked'?");
    expect(terminal.screen()).toMatch(/kind: Application/);
    expect(terminal.screen()).toContain(`hawser app create asked --repo ${place.repository.url}`);
    terminal.type(ENTER);

    expect(await terminal.ended).toBe(0);
    expect(await place.hawser('app list -o name')).toMatchObject({ out: 'argocd/asked\n' });
  });

  test('Ctrl-C in a question creates nothing and exits with 130', async () => {
    const terminal = openTerminal(place, 'app create');
    await terminal.shows('Repository');
    terminal.type(CTRL_C);

    expect(await terminal.ended).toBe(130);
    expect(terminal.screen()).not.toMatch(/\n\s+at /);
    expect(await place.hawser('app list -o name')).toMatchObject({ out: '' });
  });
});

describe('in a Git folder', () => {
  test('app create takes everything from it: one Enter creates, and the picker finds it', async () => {
    const folder = place.repository.url;
    const terminal = openTerminal(place, 'app create', {}, folder);
    await terminal.shows("Create 'guestbook'?");
    terminal.type(ENTER);
    expect(await terminal.ended).toBe(0);
    expect(terminal.screen()).toContain('next: hawser app sync guestbook');

    const picker = openTerminal(place, 'app get', {}, folder);
    await picker.shows('of this repository');
    picker.type(ENTER);
    expect(await picker.ended).toBe(0);
    expect(picker.screen()).toContain('OutOfSync from HEAD');
  });

  test('. is its repository', async () => {
    const folder = place.repository.url;
    const line = 'app create here --repo . --path guestbook --dest-name in-cluster --dest-namespace default';
    expect(await openTerminal(place, line, {}, folder).ended).toBe(0);
    const { out } = await place.hawser('app get here -o json');
    expect(JSON.parse(out).spec.source.repoURL).toBe(folder);
  });
});

describe('Ctrl-C', () => {
  test('in a wait exits with 130 and says what goes on', async () => {
    expect(await place.hawser(create('waited', place))).toMatchObject({ code: 0 });
    const terminal = openTerminal(place, 'app wait waited --sync');
    await terminal.shows('OutOfSync');
    terminal.type(CTRL_C);

    expect(await terminal.ended).toBe(130);
    expect(terminal.screen()).toMatch(/stopped waiting.*'waited'/);
  });

  test('in a sync exits with 130 and says that the sync goes on', async () => {
    await commitEndlessSync();
    expect(await place.hawser(create('synced', place))).toMatchObject({ code: 0 });
    const terminal = openTerminal(place, 'app sync synced');
    await terminal.shows('Progressing');
    terminal.type(CTRL_C);

    expect(await terminal.ended).toBe(130);
    expect(terminal.screen()).toMatch(/stopped waiting: the sync of 'synced' goes on\s+hint: .*terminate-op synced/);
  });
});

describe('in a terminal', () => {
  test('app delete asks, and a no keeps the application', async () => {
    expect(await place.hawser(create('kept', place))).toMatchObject({ code: 0 });
    const terminal = openTerminal(place, 'app delete kept');
    await terminal.shows(/kept.*\?/);
    terminal.type(`n${ENTER}`);

    await terminal.ended;
    expect(await place.hawser('app list -o name')).toMatchObject({ out: 'argocd/kept\n' });
  });

  test('tables are coloured by meaning, unless NO_COLOR says otherwise', async () => {
    expect(await place.hawser(create('coloured', place))).toMatchObject({ code: 0 });
    const coloured = openTerminal(place, 'app list');
    await coloured.ended;
    const plain = openTerminal(place, 'app list', { NO_COLOR: '1' });
    await plain.ended;

    expect(coloured.raw()).toContain('\u001b[33m● OutOfSync');
    expect(plain.raw()).not.toContain('\u001b[33m');
  });

  test('a wait is drawn in place, and a pipe gets one line a change without escapes', async () => {
    const line = create('drawn', place, '--sync-policy automated');
    expect(await place.hawser(line)).toMatchObject({ code: 0 });
    const terminal = openTerminal(place, 'app wait drawn --sync --health');
    expect(await terminal.ended).toBe(0);
    const piped = await place.hawser('app wait drawn --sync --health');

    expect(terminal.screen().match(/Deployment/g)?.length).toBeLessThanOrEqual(3);
    expect(piped.err).not.toContain('\u001b');
    expect(piped.out).not.toContain('\u001b');
  });

  test('a wait fits the window whenever that changes, and leaves one line of itself', async () => {
    await commitEndlessSync();
    expect(await place.hawser(create('resized', place))).toMatchObject({ code: 0 });
    const terminal = openTerminal(place, 'app sync resized --timeout 4');
    await terminal.shows(/resized {2}Running/);
    for (const [columns, rows] of [
      [60, 12],
      [40, 5],
      [100, 30],
    ] as const) {
      terminal.resize(columns, rows);
      await terminal.shows(/Deployment/);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(terminal.screen().split('\n').length).toBeLessThanOrEqual(rows);
    }
    expect(await terminal.ended).toBe(7);

    const screen = terminal.screen();
    expect(screen).not.toMatch(/resized {2}Running/);
    expect(screen.match(/✗ resized is not done after \d s · \d resources/g)).toHaveLength(1);
    expect(screen.match(/waiting for healthy state of/g)).toHaveLength(1);
  });
});
