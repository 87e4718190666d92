// A plan says what a sync then does: the real program on the local system, with applications that chance makes.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTerminal } from '../support/terminal.ts';
import { create, createWorkplace, GUESTBOOK, SERVER, type Workplace } from '../support/workplace.ts';

let place: Workplace;
beforeEach(async () => {
  place = await createWorkplace();
});
afterEach(() => place.remove());

type Chance = (below: number) => number;

/** The same numbers for the same seed. */
function chanceOf(seed: number): Chance {
  let state = seed * 2_654_435_761;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e37_79b9) >>> 0;
    return state % below;
  };
}

const WAVES = ['-1', '0', '1'];
const OPTIONS = ['', '', '', 'PruneLast=true', 'Prune=false', 'Replace=true', 'ServerSideApply=true'];

/** A manifest that may be another, or gone, in the next commit. */
function manifestOf(index: number, chance: Chance, version: number): string {
  const annotations = [`argocd.argoproj.io/sync-wave: "${WAVES[chance(WAVES.length)]}"`];
  const options = OPTIONS[chance(OPTIONS.length)] ?? '';
  if (options !== '') annotations.push(`argocd.argoproj.io/sync-options: ${options}`);
  const kind = ['ConfigMap', 'Secret', 'Service', 'ServiceAccount'][chance(4)];
  const fate = chance(4);
  if (version === 1 && fate === 0) return '';
  if (version === 2 && fate === 1) return '';
  const value = fate === 2 ? version : 1;
  const body = {
    ConfigMap: `data: {value: "${value}"}`,
    Secret: `stringData: {value: "${value}"}`,
    Service: `spec: {selector: {app: a}, ports: [{port: ${80 + value}}]}`,
    ServiceAccount: 'automountServiceAccountToken: false',
  }[kind ?? ''];
  return `apiVersion: v1\nkind: ${kind}\nmetadata: {name: r${index}, annotations: {${annotations.join(', ')}}}\n${body}\n`;
}

function hookOf(phase: string, name: string): string {
  return `apiVersion: batch/v1
kind: Job
metadata: {${name}, annotations: {argocd.argoproj.io/hook: ${phase}}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: hook, image: "busybox:1"}]}}}
`;
}

function applicationOf(seed: number, version: number): string {
  const chance = chanceOf(seed);
  const manifests = Array.from({ length: 10 }, (_, index) => manifestOf(index, chance, version));
  const hooks = [hookOf('PreSync', 'generateName: before-'), hookOf('SyncFail', 'name: rescue')];
  if (seed % 2 === 0) hooks.push(hookOf('PostSync', 'name: after'));
  return [...manifests, ...hooks].filter((text) => text !== '').join('---\n');
}

interface Result {
  readonly kind: string;
  readonly name: string;
  readonly message?: string;
  readonly status?: string;
  readonly hookType?: string;
  readonly syncPhase?: string;
}

interface Step {
  readonly phase: string;
  readonly action: string;
  readonly kind: string;
  readonly name: string;
  readonly reason?: string;
}

const ACTIONS: readonly (readonly [RegExp, string])[] = [
  [/ created$/, 'create'],
  [/ configured$/, 'change'],
  [/ unchanged$/, 'unchanged'],
  [/ replaced$/, 'replace'],
  [/^pruned$/, 'prune'],
  [/^ignored/, 'keep'],
  // Says nothing of whether it has changed anything.
  [/ serverside-applied$/, 'applied'],
];

const outcomes = (results: readonly Result[]): string[] =>
  results.map(({ kind, name, message = '', hookType, syncPhase }) => {
    const action = hookType ? 'hook' : (ACTIONS.find(([pattern]) => pattern.test(message))?.[1] ?? message);
    return `${syncPhase} ${action} ${kind} ${name.replace(/^before-.*/, 'before-*')}`;
  });

async function planned(line: string): Promise<readonly Step[]> {
  const { out } = await place.hawser(`app plan ${line} -o json`);
  const { steps }: { steps: readonly Step[] } = JSON.parse(out);
  return steps.filter(({ phase }) => phase !== 'SyncFail');
}

async function lastResults(name: string): Promise<readonly Result[]> {
  const { out } = await place.hawser(`app get ${name} -o json`);
  const app: { status: { operationState: { syncResult: { resources: readonly Result[] } } } } = JSON.parse(out);
  return app.status.operationState.syncResult.resources;
}

describe('a plan', () => {
  test.each([1, 2, 3, 4])(
    'is what the sync then does: application %d',
    async (seed) => {
      const name = `chance-${seed}`;
      for (const version of [1, 2]) {
        await place.repository.commit({ [`${name}/all.yaml`]: applicationOf(seed, version) });
        if (version === 1) {
          const source = `--repo ${place.repository.url} --path ${name}`;
          const destination = `--dest-server ${SERVER} --dest-namespace ${name} --sync-option CreateNamespace=true`;
          await place.hawser(`app create ${name} ${source} ${destination}`);
        }
        const prune = seed === 3 ? '' : ' --prune';
        const steps = await planned(`${name}${prune}`);
        await place.hawser(`app sync ${name}${prune}`);
        const results = await lastResults(name);
        const applied = new Set(
          results.filter(({ message = '' }) => / serverside-applied$/.test(message)).map(({ name: one }) => one),
        );
        const expected = steps.map(({ phase, action, kind, name: one }) =>
          [phase, applied.has(one) ? 'applied' : action, kind, one].join(' '),
        );
        expect(outcomes(results)).toEqual(expected);
        expect(
          (await planned(`${name}${prune}`)).filter(({ action }) => /^(create|change|prune)$/.test(action)),
        ).toEqual([]);
      }
    },
    120_000,
  );

  test('is synced from its file, or not at all when the branch has moved', async () => {
    await place.hawser(create('shop', place));
    const file = join(place.folder, 'shop.plan');
    await place.hawser(`app plan shop --save ${file}`);
    const { revisions }: { revisions?: string[] } = JSON.parse(await readFile(file, 'utf8')).plan;
    await place.repository.commit({ 'guestbook/all.yaml': GUESTBOOK.replace('replicas: 1', 'replicas: 2') });
    expect(await place.hawser(`app sync shop --plan-file ${file}`)).toMatchObject({ code: 11, out: '' });
    expect((await lastResultsOf('shop')) ?? []).toEqual([]);

    await place.hawser(`app plan shop --save ${file}`);
    await place.repository.commit({ 'elsewhere/notes.txt': 'nothing of this application' });
    expect(await place.hawser(`app sync shop --plan-file ${file}`)).toMatchObject({ code: 0 });
    const { out } = await place.hawser('app get shop -o json');
    const saved: { plan: { revisions: readonly string[] } } = JSON.parse(await readFile(file, 'utf8'));
    expect(saved.plan.revisions).not.toEqual(revisions);
    expect(JSON.parse(out).status.operationState.syncResult.revision).toBe(saved.plan.revisions[0]);
    expect(await place.hawser(`app sync shop --plan-file ${file}`)).toMatchObject({ code: 11 });
  }, 60_000);
});

async function lastResultsOf(name: string): Promise<readonly Result[] | undefined> {
  const { out } = await place.hawser(`app get ${name} -o json`);
  return JSON.parse(out).status.operationState?.syncResult?.resources;
}

describe('app sync --pick in a terminal', () => {
  test('ticks resources, and syncs those', async () => {
    await place.hawser(create('shop', place));
    const terminal = openTerminal(place, 'app sync shop --pick');
    await terminal.shows(/Resources of shop to sync[\s\S]*Service .*guestbook/);
    terminal.type('\r');
    await terminal.shows('At least one choice must be selected');
    terminal.type('a');
    terminal.type('\u001b[B');
    terminal.type(' ');
    terminal.type('\r');
    await terminal.shows(
      /the same without a question: hawser app sync shop --resource \S+:guestbook|--resource \S+\/guestbook/,
    );
    expect(await terminal.ended).toBe(0);
    expect(await lastResults('shop')).toHaveLength(1);
  }, 60_000);
});
