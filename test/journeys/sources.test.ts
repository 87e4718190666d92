// One folder of every type of source, with its options, through all that is done with it: rendered, synced, compared again,
// deleted. What is Synced stays Synced, shows no difference, and leaves nothing behind.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorkplace, GUESTBOOK, SERVER, type Workplace } from '../support/workplace.ts';

const map = (name: string, data = '{a: "1"}'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: ${data}\n`;

const job = (name: string, hook: string): string => `apiVersion: batch/v1
kind: Job
metadata: {name: ${name}, annotations: {${hook}}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "busybox:1"}]}}}
`;

const FILES = {
  'plain/all.yaml': GUESTBOOK,
  'plain/surprises.yaml': map('surprises', '{list: "[a,\n    b]", mode: "0644", on: "y",\n"text": !unknown x}'),
  'tree/a.yaml': map('a'),
  'tree/sub/b.yml': map('b'),
  'tree/sub/c.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}}',
  'tree/sub/skipped.yaml': map('skipped'),
  'tree/values.txt': 'no: manifest',
  'hooks/before.yaml': job('before', 'argocd.argoproj.io/hook: PreSync'),
  'hooks/map.yaml': map('between'),
  'hooks/after.yaml': job(
    'after',
    'argocd.argoproj.io/hook: PostSync, argocd.argoproj.io/hook-delete-policy: HookSucceeded',
  ),
  'chart/Chart.yaml':
    "apiVersion: v2\nname: chart\nversion: 1.0.0\ndependencies:\n- {name: lib, version: 1.0.0, repository: 'file://../lib'}\n",
  'chart/values.yaml': 'size: one\nreplicas: 1\nlist: []\n',
  'chart/large.yaml': 'size: large\n',
  'chart/templates/map.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}-map, namespace: {{ .Release.Namespace }}}
data: {size: {{ .Values.size | quote }}, list: {{ .Values.list | toJson | quote }}, extra: {{ .Values.extra | default "" | quote }}}
`,
  'chart/templates/web.yaml': GUESTBOOK.replace('replicas: 1', 'replicas: {{ .Values.replicas }}'),
  'chart/templates/hook.yaml': job(
    'chart-hook',
    '"helm.sh/hook": pre-install, "helm.sh/hook-delete-policy": hook-succeeded',
  ),
  'chart/crds/widget.yaml': `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, kind: Widget}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
`,
  'lib/Chart.yaml': 'apiVersion: v2\nname: lib\nversion: 1.0.0\n',
  'lib/templates/map.yaml': map('from-lib'),
  'base/kustomization.yaml': 'resources: [web.yaml]\nconfigMapGenerator: [{name: settings, literals: [a=1]}]\n',
  'base/web.yaml': GUESTBOOK,
  'overlay/kustomization.yaml':
    'resources: [../base]\npatches:\n- patch: |-\n    - {op: replace, path: /spec/replicas, value: 2}\n  target: {kind: Deployment}\n',
  'values/prod.yaml': 'size: prod\n',
} as const;

interface Case {
  /** What is behind the path in the repository. */
  readonly flags: string;
  /** 'Kind/name' of all that is deployed, hooks aside. */
  readonly objects: readonly string[];
}

const WEB = ['Deployment/guestbook', 'Service/guestbook'];
const CHART = ['ConfigMap/from-lib', 'ConfigMap/web-map', 'CustomResourceDefinition/widgets.example.com', ...WEB];

const CASES: Readonly<Record<string, Case>> = {
  'plain files': { flags: '--path plain', objects: ['ConfigMap/surprises', ...WEB] },
  'files of folders below': {
    flags: '--path tree --directory-recurse --directory-exclude **/skipped.yaml',
    objects: ['ConfigMap/a', 'ConfigMap/b', 'ConfigMap/c'],
  },
  'hooks around': { flags: '--path hooks', objects: ['ConfigMap/between'] },
  'a chart with values, parameters and hooks': {
    flags:
      '--path chart --release-name web --values large.yaml --helm-set list={a,b} --helm-set-string replicas=2 --helm-set extra=$2a$10$x',
    objects: CHART,
  },
  'a chart without its definitions': {
    flags: '--path chart --release-name web --helm-skip-crds',
    objects: CHART.filter((name) => !name.startsWith('Custom')),
  },
  'a kustomization': { flags: '--path overlay', objects: ['ConfigMap/settings-*', ...WEB] },
  'a kustomization with options': {
    flags:
      '--path overlay --nameprefix big- --namesuffix -one --kustomize-image guestbook=registry.example.com/guestbook:v3 --kustomize-common-label team=web --kustomize-replica guestbook=3',
    objects: ['ConfigMap/big-settings-one-*', 'Deployment/big-guestbook-one', 'Service/big-guestbook-one'],
  },
};

interface Seen {
  readonly status: {
    readonly sync: { readonly status: string };
    readonly health: { readonly status: string };
    readonly reconciledAt: string;
    readonly conditions?: readonly unknown[];
    readonly resources: readonly {
      readonly kind: string;
      readonly name: string;
      readonly status: string;
      readonly hook?: boolean;
    }[];
  };
}

const KINDS = 'configmaps,secrets,deployments.apps,replicasets.apps,services,jobs.batch,pods';

describe('a source goes from Git to the cluster and away again', () => {
  let place: Workplace;

  beforeAll(async () => {
    place = await createWorkplace();
    await place.repository.commit(FILES);
  });
  afterAll(() => place.remove());

  const run = async (line: string | readonly string[]): Promise<string> => {
    const { code, out, err } = await place.hawser(line);
    expect({ code, err: code === 0 ? '' : err }, String(line)).toEqual({ code: 0, err: '' });
    return out;
  };
  const look = async (name: string): Promise<Seen['status']> => {
    const seen: Seen = JSON.parse(await run(`app get ${name} --refresh -o json`));
    return seen.status;
  };
  const inNamespace = async (namespace: string): Promise<string[]> => {
    const out = await run(`local kubectl -- get ${KINDS} -n ${namespace} -o name`);
    return out.split('\n').filter((line) => line !== '' && line !== 'configmap/kube-root-ca.crt');
  };
  const travel = async (name: string, objects: readonly string[]): Promise<void> => {
    await run(`app sync ${name} --timeout 120`);
    await run(`app wait ${name} --sync --health --timeout 120`);
    const [first, second] = [await look(name), await look(name)];
    for (const { sync, health, conditions = [] } of [first, second]) {
      expect({ sync: sync.status, health: health.status, conditions }).toEqual({
        sync: 'Synced',
        health: 'Healthy',
        conditions: [],
      });
    }
    const deployed = second.resources.filter((one) => one.hook !== true);
    const names = deployed.map((one) => `${one.kind}/${one.name.replace(/-[a-z0-9]{10}$/, '-*')}`);
    expect(names.sort()).toEqual([...objects].sort());
    expect(await run(`app diff ${name}`)).toBe('');
    expect(await run(`app diff ${name} --revision HEAD`)).toBe('');
    await run(`app delete ${name} --cascade --yes --wait`);
    expect(await inNamespace(name)).toEqual([]);
  };

  test.each(Object.entries(CASES).map(([what, one], index) => [what, `case-${index}`, one] as const))(
    '%s',
    async (_what, name, { flags, objects }) => {
      const where = `--dest-server ${SERVER} --dest-namespace ${name} --sync-option CreateNamespace=true`;
      await run(`app create ${name} --repo ${place.repository.url} ${flags} ${where}`);
      await travel(name, objects);
    },
    120_000,
  );

  test('several sources, one of which lends its values', async () => {
    const url = place.repository.url;
    const spec = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: multi}
spec:
  project: default
  destination: {server: '${SERVER}', namespace: multi}
  syncPolicy: {syncOptions: [CreateNamespace=true]}
  sources:
  - {repoURL: '${url}', ref: values}
  - {repoURL: '${url}', path: chart, helm: {releaseName: web, valueFiles: [$values/values/prod.yaml], skipCrds: true}}
  - {repoURL: '${url}', path: tree}
`;
    await place.repository.write({ 'multi.yaml': spec });
    await run(`app create -f ${url}/multi.yaml`);
    expect(await run('app manifests multi --source git')).toContain('size: prod');
    await travel('multi', [...CHART.filter((name) => !name.startsWith('Custom')), 'ConfigMap/a']);
  }, 120_000);

  test('options of two tools are refused, and where they are stored nothing is deployed', async () => {
    const url = place.repository.url;
    const source = `{repoURL: '${url}', path: tree, helm: {releaseName: a}, directory: {recurse: true}}`;
    const head = 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: two}';
    const spec = `spec: {project: default, destination: {server: '${SERVER}', namespace: two}, source: ${source}}\n`;
    await place.repository.write({ 'two.yaml': `${head}\n${spec}` });
    const said = 'multiple application sources defined: Helm,Directory';
    expect(await place.hawser(`app create -f ${url}/two.yaml`)).toMatchObject({
      code: 20,
      err: expect.stringContaining(`${said}\nhint: keep the options of one tool`),
    });
    await run(`app create -f ${url}/two.yaml --validate=false`);
    expect(await place.hawser('app sync two')).toMatchObject({ code: 5, err: expect.stringContaining(said) });
    expect(await inNamespace('two')).toEqual([]);
  });
});
