// ApplicationSets: there is no controller of theirs, so that what only it makes is not compared; sets that are there are listed,
// shown and deleted.

import type { OwnServer } from '../support/transcripts/own-server.ts';
import type { OwnFile } from './own-server.ts';

const NO_CONTROLLER = 'there is no ApplicationSet controller: nothing is created or generated';
const WRITTEN = 'managed fields and the resources in the status are those that a controller wrote';

const SPEC = `spec:
  goTemplate: true
  generators: [{list: {elements: [{name: red}]}}]
  template:
    metadata: {name: '{{.name}}'}
    spec:
      project: default
      source: {repoURL: 'http://127.0.0.1:8900/examples.git', path: settings, targetRevision: v1}
      destination: {server: 'https://kubernetes.default.svc', namespace: conformance}
`;

const set = (name: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: ${name}}\n${SPEC}`;

const MOMENT = '2026-01-05T10:00:00Z';
const condition = (type: string, status: string, reason: string, message: string) => ({
  ...{ type, status, reason, message },
  lastTransitionTime: MOMENT,
});
const GENERATED = 'All applications have been generated successfully';

/** As the controller leaves it. */
async function addSets({ cluster }: OwnServer): Promise<void> {
  for (const name of ['first', 'group', 'lone', 'second']) {
    const metadata = { name, namespace: 'argocd' };
    const source = { repoURL: 'http://127.0.0.1:8900/examples.git', path: 'settings', targetRevision: 'v1' };
    const destination = { server: 'https://kubernetes.default.svc', namespace: 'conformance' };
    const template = { metadata: { name: '{{.name}}' }, spec: { source, destination, project: 'default' } };
    const generators = [{ list: { elements: [{ name }] } }];
    const conditions = [
      condition('ErrorOccurred', 'False', 'ApplicationSetUpToDate', GENERATED),
      condition(
        'ParametersGenerated',
        'True',
        'ParametersGenerated',
        'Successfully generated parameters for all Applications',
      ),
      condition('ResourcesUpToDate', 'True', 'ApplicationSetUpToDate', GENERATED),
    ];
    const spec = { goTemplate: true, generators, template };
    const status = { conditions, health: { status: 'Healthy', message: GENERATED } };
    await cluster.create({ apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet', metadata, spec, status });
  }
}

const lines = (reason: string, ...numbers: readonly number[]): Readonly<Record<number, string>> =>
  Object.fromEntries(numbers.map((number) => [number, reason]));

export const SET_FILES: Readonly<Record<string, OwnFile>> = {
  appset: {
    files: {
      'set.yaml': set('group'),
      'more.yaml': set('group'),
      'one.yaml': set('lone'),
      'two.yaml': `${set('first')}---\n${set('second')}`,
      'duplicate.yaml': set('x'),
      'badspec.yaml': set('bad'),
      'bad.yaml': 'a: [b\n',
      'empty.yaml': '',
    },
    before: { 25: addSets },
    agreed: ['--yes'],
    ours: lines('in a pipe nobody is asked', 42, 43),
    wording: lines('YAML is read by another library', 6, 20),
    otherwise: {
      ...lines(NO_CONTROLLER, 2, 3, 4, 7, 10, 11, 12, 13, 14, 15, 16, 17, 18, 21, 24, 41),
      ...lines(WRITTEN, 29, 35, 36, 37),
    },
  },
};
