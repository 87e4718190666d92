// What a person reads of a deployment: lists, differences, histories, and files that are applied again and again.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTerminal } from '../support/terminal.ts';
import { create, createWorkplace, until, type Workplace } from '../support/workplace.ts';

const CTRL_C = '\u0003';

let place: Workplace;

beforeAll(async () => {
  place = await createWorkplace();
  await place.hawser(create('shop', place));
  await place.hawser('app sync shop');
});

afterAll(() => place.remove());

describe('reading', () => {
  test('a change that is not committed is shown before it is, and is no difference once it is deployed', async () => {
    const file = join(place.repository.url, 'guestbook', 'all.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('replicas: 1', 'replicas: 2'));
    const line = ['app', 'diff', 'shop', '--local', join(place.repository.url, 'guestbook')];
    const shown = await place.hawser(line);
    expect(shown).toMatchObject({ code: 1, err: '' });
    expect(shown.out).toMatch(
      /===== apps\/Deployment default\/guestbook ======[\s\S]*- {2}replicas: 1\n\+ {2}replicas: 2\n/,
    );
    expect(await place.hawser([...line, '-o', 'names'])).toMatchObject({ out: 'apps/Deployment/default/guestbook\n' });
    await writeFile(file, text);
    expect(await place.hawser(line)).toEqual({ code: 0, out: '', err: '' });
  });

  test('the cluster says what would change, and the server renders what is sent to it', async () => {
    const file = join(place.repository.url, 'guestbook', 'all.yaml');
    const text = await readFile(file, 'utf8');
    const byDryRun = ['app', 'diff', 'shop', '--server-side-diff'];
    expect(await place.hawser(byDryRun)).toEqual({ code: 0, out: '', err: '' });
    await writeFile(file, text.replace('replicas: 1', 'replicas: 3'));
    const sent = ['--local', place.repository.url, '--server-side-generate'];
    for (const line of [
      [...byDryRun, ...sent],
      ['app', 'diff', 'shop', ...sent],
    ]) {
      const shown = await place.hawser(line);
      expect(shown).toMatchObject({ code: 1, err: '' });
      expect(shown.out).toMatch(
        /^===== apps\/Deployment default\/guestbook ======\n[\s\S]*- {2}replicas: 1\n\+ {2}replicas: 3\n/,
      );
      expect(shown.out.match(/=====/g)).toHaveLength(2);
    }
    await writeFile(file, text);
  });

  test('a list is read by expressions and sorted, without anything else on stdout', async () => {
    await place.hawser(create('billing', place));
    expect((await place.hawser('app list --sort-by sync -o jsonpath={.items[*].metadata.name}')).out).toBe(
      'billing shop',
    );
    const columns = 'custom-columns=NAME:.metadata.name,SYNC:.status.sync.status';
    expect((await place.hawser(`app list --no-headers -o ${columns}`)).out).toMatch(
      /^billing +OutOfSync\nshop +Synced\n$/,
    );
    expect((await place.hawser('app list --older-than 1h -o name')).out).toBe('');
  });

  test('a history names the commit and who did it', async () => {
    expect((await place.hawser('app history shop')).out).toMatch(/0 .* Succeeded .* admin .*\n$/);
  });

  test('what create prints is what apply takes, as often as one likes', async () => {
    const { out } = await place.hawser(create('ledger', place, '--dry-run -o yaml'));
    const file = join(place.folder, 'ledger.yaml');
    await writeFile(file, out);
    const apply = ['app', 'apply', '-f', file];
    expect(await place.hawser(apply)).toMatchObject({ code: 0, out: "application 'ledger' created\n" });
    expect(await place.hawser(apply)).toMatchObject({ code: 0, out: "application 'ledger' unchanged\n" });
    await writeFile(file, out.replace('path: guestbook', 'path: guestbook\n    targetRevision: main'));
    expect(await place.hawser(apply)).toMatchObject({ code: 0, out: "application 'ledger' configured\n" });
  });

  test('a watched list is one line a change in a pipe', async () => {
    const watched = place.start('app list billing --watch');
    await until('the first line', () => /billing {2}OutOfSync/.test(watched.out()));
    await place.hawser('app sync billing');
    await until('the change', () => /billing {2}Synced {2}Healthy {2}Succeeded\n/.test(watched.out()));
    expect(watched.out()).not.toContain('\u001b');
    watched.child.kill('SIGTERM');
    await watched.ended;
  });

  test('in a terminal it is drawn over in place', async () => {
    const terminal = openTerminal(place, 'app list billing --watch');
    await terminal.shows(/billing .*Synced/);
    await place.hawser('app delete billing --yes');
    await until('it is gone from the screen', () => !terminal.screen().includes('argocd/billing'));
    terminal.type(CTRL_C);
    await terminal.ended;
  });
});
