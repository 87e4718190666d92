// The tour of faults: six applications that fail, and what Hawser says of each. A cause that is not told as promised fails the tour.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HawserError } from '../../core/errors.ts';
import { IN_CLUSTER } from '../../model/cluster.ts';
import { askHawser, commit, hawser, pause, say, type Tour, tryHawser } from './workplace.ts';

interface Fault {
  readonly name: string;
  readonly title: string;
  readonly manifests: readonly string[];
  /** The command that tells the cause, with its exit code. */
  readonly ask: readonly string[];
  readonly code: number;
  /** What must be told, each somewhere in it. */
  readonly promises: readonly RegExp[];
}

const FAULT = 'hawser.dev/fault';

interface Web {
  readonly fault?: string;
  /** More of the container. */
  readonly container?: string;
  /** More of the Deployment. */
  readonly spec?: string;
}

function deployment(name: string, { fault, container = '', spec = '' }: Web): string {
  const annotations = fault === undefined ? '' : `\n      annotations: {${FAULT}: "${fault}"}`;
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:${spec}
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}${annotations}
    spec:
      containers:
        - name: web
          image: ghcr.io/example/${name}:v1${container}
`;
}

const MIGRATION = `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations:
    argocd.argoproj.io/hook: PreSync
    ${FAULT}: fail:times=9,exit=3
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: ghcr.io/example/migrate:v1
`;

const SETTINGS = `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations:
    ${FAULT}: "refuse:message=the label team is missing"
`;

const FAULTS: readonly Fault[] = [
  {
    name: 'crashing',
    title: `a container that ends again and again (${FAULT}: crash:exit=2)`,
    manifests: [deployment('crashing', { fault: 'crash:exit=2' })],
    ask: ['app', 'wait', 'crashing', '--health', '--timeout', '3'],
    code: 7,
    promises: [/CrashLoopBackOff/, /"exitCode": ?2/],
  },
  {
    name: 'unpulled',
    title: `an image that is not in its registry (${FAULT}: never-pull)`,
    manifests: [deployment('unpulled', { fault: 'never-pull' })],
    ask: ['app', 'explain', 'unpulled'],
    code: 0,
    promises: [/ImagePullBackOff/, /ghcr\.io\/example\/unpulled:v1: not found/],
  },
  {
    name: 'secretless',
    title: 'a Secret that nobody made. There is no annotation: the kubelet finds out by itself',
    manifests: [deployment('secretless', { container: '\n          envFrom: [{secretRef: {name: database}}]' })],
    ask: ['app', 'explain', 'secretless'],
    code: 0,
    promises: [/CreateContainerConfigError/, /secret \\"database\\" not found/],
  },
  {
    name: 'unready',
    title: `a probe that never succeeds, until the Deployment gives up (${FAULT}: never-ready)`,
    manifests: [
      deployment('unready', {
        fault: 'never-ready',
        container: '\n          readinessProbe: {httpGet: {path: /healthz, port: 80}}',
        spec: '\n  progressDeadlineSeconds: 3',
      }),
    ],
    ask: ['app', 'get', 'unready'],
    code: 0,
    promises: [/"status": ?"Degraded"/, /Readiness probe failed: HTTP probe failed with statuscode: 503/],
  },
  {
    name: 'unmigrated',
    title: `a hook that fails before the sync (on the Job: ${FAULT}: fail:times=9,exit=3)`,
    manifests: [MIGRATION, deployment('unmigrated', {})],
    ask: ['app', 'sync', 'unmigrated', '--timeout', '30'],
    code: 5,
    promises: [/PreSync/, /"exitCode": ?3/],
  },
  {
    name: 'refused',
    title: `an object that admission refuses (${FAULT}: refuse)`,
    manifests: [SETTINGS],
    ask: ['app', 'sync', 'refused', '--timeout', '30'],
    code: 5,
    promises: [/denied the request: the label team is missing/],
  },
];

/** Shows one after the other, until somebody ends the tour; throws where a cause was not told. */
export async function showFaults(tour: Tour): Promise<void> {
  const broken: string[] = [];
  let shown = 0;
  for (const [index, fault] of FAULTS.entries()) {
    if (!(await pause(tour))) break;
    say(tour, `${index + 1} of ${FAULTS.length}: ${fault.title}`);
    broken.push(...(await showFault(tour, fault)));
    shown += 1;
  }
  if (broken.length > 0) {
    throw new HawserError('internal', `not told as promised: ${broken.join('; ')}`, {
      hint: `the state of the tour lies in ${tour.folder}`,
    });
  }
  say(
    tour,
    `${shown} of ${FAULTS.length} shown, and each told as promised. The state of the tour lies in ${tour.folder}.`,
  );
  say(
    tour,
    'docs/local-cluster.md lists all faults: of Pods, Jobs, Services, volumes, admission and of the API itself.',
  );
}

const TRIES = 60;
const PAUSE_MS = 250;

/** Answers which of its promises were not kept. */
async function showFault(tour: Tour, fault: Fault): Promise<string[]> {
  const { name, manifests, ask, code, promises } = fault;
  await mkdir(join(tour.repository, name), { recursive: true });
  await writeFile(join(tour.repository, name, 'all.yaml'), manifests.join('---\n'));
  await commit(tour, `Deploy ${name}`);
  const source = ['--repo', tour.repository, '--path', name, '--dest-server', IN_CLUSTER.server];
  const isAsked = ask.includes('sync');
  const policy = isAsked ? [] : ['--sync-policy', 'automated'];
  await hawser(tour, 'app', 'create', name, ...source, '--dest-namespace', 'default', ...policy);
  // Who syncs by hand is told at once; what goes wrong behind automated sync takes its time.
  const early = isAsked ? await tryHawser(tour, ...ask) : undefined;
  let missing = promises;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const text = await askHawser(tour, 'app', 'explain', name, '-o', 'json');
    missing = promises.filter((promise) => !promise.test(text));
    if (missing.length === 0) break;
    await tour.context.clock.sleep(PAUSE_MS, tour.context.signal);
  }
  const ended = early ?? (await tryHawser(tour, ...ask));
  return [
    ...missing.map((promise) => `${name}: ${promise.source}`),
    ...(ended === code ? [] : [`${name}: 'hawser ${ask.join(' ')}' ended with ${ended}, not ${code}`]),
  ];
}
