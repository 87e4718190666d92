// Each rule of lint with what it is about, and neighbours that are right.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lintDocuments } from '../../../../src/engine/lint/documents.ts';
import { LINT_RULES } from '../../../../src/model/lint.ts';

const HEAD = 'apiVersion: argoproj.io/v1alpha1\n';
const SERVER = 'https://kubernetes.default.svc';
const SOURCE = 'source: {repoURL: https://example.com/a.git, path: web}';
const DESTINATION = `destination: {server: ${SERVER}, namespace: shop}`;

const app = (...lines: string[]): string =>
  `${HEAD}kind: Application\nmetadata: {name: web}\nspec:\n  project: default\n${lines.map((line) => `  ${line}\n`).join('')}`;
const whole = (...lines: string[]): string => app(SOURCE, DESTINATION, ...lines);
const project = (...lines: string[]): string =>
  `${HEAD}kind: AppProject\nmetadata: {name: team}\nspec:\n  sourceRepos: ['*']\n${lines.map((line) => `  ${line}\n`).join('')}`;

/** 'rule line: message' of each finding. */
const lint = (...texts: string[]): string[] =>
  lintDocuments(texts.map((text, index) => ({ path: `${index}.yaml`, text }))).findings.map(
    ({ rule, line, message }) => `${rule} ${line}: ${message}`,
  );

describe('right as it is', () => {
  test.each([
    whole(),
    app(
      `sources: [{repoURL: https://example.com/a.git, ref: vals}, {repoURL: https://example.com/c, chart: web, targetRevision: 1.x, helm: {valueFiles: [$vals/a.yaml, $ARGOCD_APP_NAME/b.yaml]}}]`,
      DESTINATION,
    ),
    app('source: {repoURL: oci://example.com/charts/web, targetRevision: 1.0.0}', 'destination: {name: prod}'),
    app(
      'sourceHydrator: {drySource: {repoURL: x, path: a, targetRevision: HEAD}, syncSource: {targetBranch: b, path: p}}',
      DESTINATION,
    ),
    whole(
      'syncPolicy: {automated: {prune: true}, syncOptions: [CreateNamespace=true, Prune=confirm, PrunePropagationPolicy=orphan]}',
    ),
    whole('syncPolicy: {retry: {limit: 5, backoff: {duration: 5s, factor: 2, maxDuration: 3m0s}}}'),
    app(
      'source: {repoURL: a, path: w, helm: {valuesObject: {any: [thing]}, parameters: [{name: a, value: "1"}]}}',
      DESTINATION,
    ),
    app(
      'source: {repoURL: a, path: w, kustomize: {patches: [{target: {kind: Deployment, name: x}, patch: text}], replicas: [{name: a, count: 3}]}}',
      DESTINATION,
    ),
    project(
      "syncWindows: [{kind: deny, schedule: '0 22 * * *', duration: 8h, timeZone: Europe/Berlin, applications: ['*']}]",
    ),
    project(
      "roles: [{name: ci, policies: ['p, proj:team:ci, applications, sync, team/*, allow']}]",
      'orphanedResources: {warn: true}',
    ),
    `${HEAD}kind: ApplicationSet\nmetadata: {name: s}\nspec:\n  generators: [{git: {repoURL: a, revision: HEAD, directories: [{path: '*'}], template: {metadata: {name: x}}}}]\n  template: {metadata: {name: '{{.path.basename}}'}, spec: {project: default, ${SOURCE}, destination: {server: '{{.s}}'}}}\n`,
    'apiVersion: v1\nkind: List\nitems: []\n',
    'kind: Application\napiVersion: app.k8s.io/v1beta1\nmetadata: {}\n# argoproj.io\n',
  ])('%#', (text) => {
    expect(lint(text)).toEqual([]);
  });
});

describe('wrong', () => {
  test.each<[string, string, string[]]>([
    ['yaml', `${HEAD}kind: Application\n  metadata: {}\n`, ['yaml-syntax 3: bad indentation of a mapping entry']],
    ['a key twice', whole('project: other'), ["duplicate-key 8: the key 'project' stands twice in one map"]],
    ['version', whole().replace('v1alpha1', 'v1'), ['unknown-version 1: there is no Application of argoproj.io/v1']],
    ['no name', whole().replace('name: web', ''), ['invalid-name 3: metadata.name is missing']],
    ['no metadata', `${HEAD}kind: AppProject\nspec: {}\n`, ['invalid-name 1: metadata.name is missing']],
    ['name', whole().replace('name: web', 'name: Web_1'), ["invalid-name 3: 'Web_1' is not a valid name"]],
    [
      'a number as a name',
      whole().replace('name: web', 'name: 12'),
      ['wrong-type 3: metadata.name must be a string, not number 12'],
    ],
    [
      'a label',
      whole().replace('name: web', 'name: web, labels: {a: yes}'),
      ['wrong-type 3: metadata.labels.a must be a string, not boolean true'],
    ],
    ['field at the top', `${whole()}sync: 1\n`, ['unknown-field 8: unknown field sync']],
    ['field', whole('syncPolicy: {automatd: {}}'), ['unknown-field 8: unknown field spec.syncPolicy.automatd']],
    [
      'types',
      whole('revisionHistoryLimit: "3"', 'ignoreDifferences: {}'),
      [
        'wrong-type 8: spec.revisionHistoryLimit must be a whole number, not string "3"',
        'wrong-type 9: spec.ignoreDifferences must be a list, not a map',
      ],
    ],
    ['item', whole('info: [{name: a}]'), ['missing-field 8: spec.info[0].value is missing']],
    ['no spec', `${HEAD}kind: Application\nmetadata: {name: a}\n`, ['missing-field 1: spec is missing']],
    [
      'spec',
      `${HEAD}kind: Application\nmetadata: {name: a}\nspec: []\n`,
      ['wrong-type 4: spec must be a map, not a list'],
    ],
    [
      'empty spec',
      `${HEAD}kind: Application\nmetadata: {name: a}\nspec: {}\n`,
      [
        'missing-field 4: spec.destination is missing',
        'missing-field 4: spec.project is missing',
        'source-missing 4: spec has no source',
      ],
    ],
    ['deprecated', project('signatureKeys: []'), ['deprecated-field 6: spec.signatureKeys is deprecated']],
    [
      'nowhere',
      app(SOURCE, 'destination: {namespace: a}'),
      ['destination-missing 7: spec.destination has neither server nor name'],
    ],
    [
      'two places',
      app(SOURCE, `destination: {server: ${SERVER}, name: a}`),
      ['destination-ambiguous 7: spec.destination has both server and name'],
    ],
    ['no path', app('source: {repoURL: a}', DESTINATION), ['source-missing 6: spec.source has neither path nor chart']],
    [
      'both',
      whole('sources: [{repoURL: a, path: b}]'),
      ['source-ignored 6: spec.source is ignored: there is spec.sources'],
    ],
    [
      'two tools',
      app('source: {repoURL: a, path: b, helm: {}, directory: {recurse: true}}', DESTINATION),
      ['source-types 6: spec.source has options of helm and directory'],
    ],
    [
      'outside',
      app('source: {repoURL: a, path: ../b}', DESTINATION),
      ["path-outside 6: spec.source.path '../b' is not a path within the repository"],
    ],
    [
      'chart',
      app('sources: [{repoURL: a, chart: nginx}]', DESTINATION),
      ["chart-version 6: spec.sources[0]: the chart 'nginx' has no targetRevision"],
    ],
    [
      'reference',
      app('sources: [{repoURL: a, path: b, helm: {valueFiles: [a.yaml, $v/b.yaml]}}]', DESTINATION),
      ["unknown-ref 6: '$v/b.yaml' refers to the source 'v', which does not exist"],
    ],
    [
      'options',
      whole('syncPolicy: {syncOptions: [CreateNamespace, prune=true]}'),
      [
        "unknown-sync-option 8: the sync option 'CreateNamespace' does nothing",
        "unknown-sync-option 8: there is no sync option 'prune=true'",
      ],
    ],
    [
      'duration',
      whole('syncPolicy: {retry: {backoff: {maxDuration: 5 min}}}'),
      ["invalid-duration 8: spec.syncPolicy.retry.backoff.maxDuration '5 min' is not a duration"],
    ],
    [
      'window',
      project("syncWindows: [{kind: allow, schedule: '0 9', duration: 8, timeZone: Moon}]"),
      [
        'wrong-type 6: spec.syncWindows[0].duration must be a string, not number 8',
        'invalid-sync-window 6: spec.syncWindows[0].timeZone',
        'invalid-sync-window 6: spec.syncWindows[0].schedule',
      ],
    ],
    [
      'policy',
      project("roles: [{name: ci, policies: [nonsense, 'p, proj:other:ci, applications, get, x/*, allow']}]"),
      [
        "invalid-policy 6: 'nonsense' is not a policy",
        "invalid-policy 6: the policy is for 'proj:other:ci', not for 'proj:team:ci'",
      ],
    ],
    [
      'no generators',
      `${HEAD}kind: ApplicationSet\nmetadata: {name: s}\nspec: {generators: [], template: {metadata: {name: a}, spec: {project: a, ${SOURCE}, ${DESTINATION}}}}\n`,
      ['no-generators 4: spec.generators is empty'],
    ],
    [
      'in a list',
      `apiVersion: v1\nkind: List\nitems:\n- ${whole('foo: 1').replaceAll('\n', '\n  ')}\n`,
      ['unknown-field 11: unknown field spec.foo'],
    ],
    ['second document', `a: 1\n---\n${whole('foo: 1')}`, ['unknown-field 10: unknown field spec.foo']],
  ])('%s', (_what, text, expected) => {
    const lines = lint(text);
    expect(lines).toHaveLength(expected.length);
    for (const [index, line] of expected.entries()) expect(lines[index]).toContain(line);
  });

  test('a name that two files have', () => {
    expect(lint(whole(), `# second\n${whole()}`)).toEqual([
      'duplicate-name 4: Application argocd/web is also in 0.yaml:3',
    ]);
    expect(lint(whole(), whole().replace('name: web', 'name: web, namespace: team'))).toEqual([]);
  });
});

describe('a project in the same files', () => {
  const destinations = `destinations: [{server: ${SERVER}, namespace: shop}]`;
  const ofTeam = whole().replace('project: default', 'project: team');

  test('permits what it lists', () => {
    expect(lint(ofTeam, project(destinations))).toEqual([]);
    expect(lint(ofTeam)).toEqual([]);
  });

  test.each<[string, string, string]>([
    [
      project(destinations).replace("['*']", "['https://example.com/other']"),
      ofTeam,
      "project-source 6: project 'team' does not permit the repository https://example.com/a.git",
    ],
    [
      project("destinations: [{server: '*', namespace: 'other-*'}]"),
      ofTeam,
      "project-destination 7: project 'team' does not permit the destination",
    ],
    [
      project(destinations),
      ofTeam.replace('name: web', 'name: web, namespace: apps'),
      "project-namespace 3: project 'team' does not permit applications in namespace 'apps'",
    ],
    [
      project(destinations),
      whole().replace('project: default', 'project: tema'),
      "unknown-project 5: there is no project 'tema' in these files",
    ],
  ])('%#', (projectText, appText, expected) => {
    expect(lint(projectText, appText)).toEqual([expect.stringContaining(expected)]);
  });
});

test('docs/lint.md has every rule', () => {
  const docs = readFileSync(new URL('../../../../docs/lint.md', import.meta.url), 'utf8');
  const rows = Object.entries(LINT_RULES).map(([id, { severity, text }]) => `| \`${id}\` | ${severity} | ${text} |`);
  expect(docs.split('\n').filter((line) => line.startsWith('| `'))).toEqual(rows);
});
