// The examples of help, pasted into a shell: those of `app` and `local`, against a local system and a real repository.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Entry } from '../../src/cli/command-tree.ts';
import { APP_COMMANDS } from '../../src/cli/commands/app/app.ts';
import { LOCAL_COMMANDS } from '../../src/cli/commands/local/local.ts';
import { declaredExamples } from '../../src/cli/input/command.ts';
import { idleContext } from '../support/hawser.ts';
import { createWorkplace, type Ended, PROGRAM, SERVER, type Workplace } from '../support/workplace.ts';

const REPOSITORY = 'https://git.example.com/shop/deploy.git';

const MANIFESTS = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:v1"}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, labels: {old: "1"}}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data: {a: "1"}
`;

/** What cannot be run here, and why. */
const ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/^hawser app create$|app edit|--preview-changes/, 'asks a person'],
  [/charts[.]example[.]com|-p image[.]tag|--kustomize-image|--nameprefix/, 'needs a chart or a Kustomize folder'],
  [/add-source|remove-source/, 'needs an application of several sources'],
  [/--watch| -f$|local serve|hawser server|^kubectl|local kubeconfig/, 'goes on until it is stopped'],
  [
    /confirm-deletion|terminate-op|team-a|--job|kind (CronJob|Job|StatefulSet)|kind Pod --resource-name/,
    'needs what is not there',
  ],
  [/--web/, 'needs a server with pages'],
  [/--plan-file/, 'needs a plan of the moment: plan.test.ts'],
  [/kubectl/, 'needs kubectl'],
  [/data-dir|--previous/, 'needs another folder, or a container that crashed'],
];

/** First what makes an application, at the end what changes it, or deletes it. */
const ORDER = [
  'create',
  'apply',
  '',
  'rollback',
  'set',
  'patch',
  'patch-resource',
  'run',
  'delete-resource',
  'delete',
  'reset',
];
const rank = (verb: string): number => ORDER.indexOf(ORDER.includes(verb) ? verb : '');

const APPLICATION = (repository: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, labels: {team: shop}}
spec:
  project: default
  source: {repoURL: ${repository}, path: overlays/prod, targetRevision: main}
  destination: {server: "${SERVER}", namespace: shop}
  syncPolicy: {syncOptions: [CreateNamespace=true]}
`;

async function examplesOf(entries: readonly Entry[]): Promise<{ readonly verb: string; readonly line: string }[]> {
  const all: { readonly verb: string; readonly line: string }[] = [];
  for (const { name, load, children } of entries) {
    if (children) all.push(...(await examplesOf(children)));
    const factory = await load?.();
    if (factory) for (const { line } of declaredExamples(factory(idleContext()))) all.push({ verb: name, line });
  }
  return all;
}

const examples = (await examplesOf([...APP_COMMANDS, ...LOCAL_COMMANDS]))
  .filter(({ line }, index, all) => all.findIndex((other) => other.line === line) === index)
  .filter(({ line }) => !ELSEWHERE.some(([pattern]) => pattern.test(line)))
  .sort((a, b) => rank(a.verb) - rank(b.verb));

const BRANCHES = ['my-branch', 'release-2', 'v2'];

let place: Workplace;

beforeAll(async () => {
  place = await createWorkplace();
  const { repository } = place;
  await repository.commit({ 'prod/all.yaml': MANIFESTS, 'overlays/prod/all.yaml': MANIFESTS });
  for (const branch of BRANCHES) await repository.git('branch', branch);
  const application = APPLICATION(repository.url);
  const patch = '{"metadata": {"annotations": {"patched": "yes"}}}';
  await repository.write({ 'apps/shop.yaml': application, 'shop.yaml': application, 'patch.json': patch });
  await repository.write({ 'manifests/all.yaml': MANIFESTS });
  await mkdir(join(place.folder, 'bin'));
  const program = join(place.folder, 'bin/hawser');
  await writeFile(program, `#!/bin/sh\nexec "${process.execPath}" "${PROGRAM}" "$@"\n`, { mode: 0o755 });
}, 60_000);

afterAll(() => place.remove());

/** Types a line into a shell that stands in the repository, or, to compare files, in the folder of the application. */
function paste(line: string): Promise<Ended> {
  const { repository, folder } = place;
  const cwd = join(repository.url, line.includes('--local') ? 'overlays/prod' : '.');
  const shell = `cd ${cwd} && PATH=${folder}/bin:$PATH\n${line.replaceAll(REPOSITORY, repository.url)}`;
  return place.hawser([], { shell });
}

/** A history to roll back in. */
async function deployTwice(): Promise<void> {
  for (const replicas of [2, 3]) {
    const text = MANIFESTS.replace('replicas: 1', `replicas: ${replicas}`);
    await place.repository.commit({ 'overlays/prod/all.yaml': text });
    for (const branch of BRANCHES) await place.repository.git('branch', '--force', branch);
    expect(await paste('hawser app sync shop')).toMatchObject({ code: 0 });
  }
}

describe('pasted into a shell', () => {
  test('there are many', () => expect(examples.length).toBeGreaterThan(35));

  let deployed: Promise<void> | undefined;

  test.each(examples)('$line', async ({ verb, line }) => {
    if (rank(verb) >= rank('')) {
      deployed ??= deployTwice();
      await deployed;
    }
    if (verb === 'delete') expect(await paste('hawser app apply -f apps/')).toMatchObject({ code: 0 });
    const { code, err } = await paste(line);
    expect(err).not.toMatch(/^error:/m);
    expect(verb === 'diff' ? [0, 1] : [0]).toContain(code);
  });
});
