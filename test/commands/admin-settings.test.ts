// hawser admin settings: policies and settings in files, judged without a server.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { hawser, type Shown } from '../support/hawser.ts';

let folder: string;
let file: (name: string, text: string) => string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-policies-'));
  file = (name, text) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
});

const POLICY = `p, alice, applications, get, default/*, allow
p, alice, applications, get, default/secret, deny
g, bob, alice
`;

const CONFIG_MAP = `apiVersion: v1
kind: ConfigMap
data:
  policy.default: role:readonly
  policy.matchMode: regex
  policy.csv: |
    p, alice, applications, sync, default/[a-z]+, allow
  policy.more.csv: |
    p, alice, logs, get, default/[a-z]+, allow
`;

const KUBECONFIG = `apiVersion: v1
kind: Config
current-context: lab
contexts: [{name: lab, context: {cluster: lab, user: lab}}]
clusters: [{name: lab, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: lab, user: {token: x}}]
`;

/** In drop-in mode, with a kubeconfig. */
const argocd = (line: string): Promise<Shown> =>
  hawser(line, { program: 'argocd', env: { KUBECONFIG: file('kubeconfig', KUBECONFIG) } });

describe('rbac can', () => {
  const can = (question: string, text = POLICY): string =>
    `admin settings rbac can ${question} --policy-file ${file('policy', text)}`;

  test.each([
    ['alice get applications default/web', POLICY, 'Yes', 0],
    ['alice get app default/web', POLICY, 'Yes', 0],
    ['bob get app default/web', POLICY, 'Yes', 0],
    ['alice get app default/secret', POLICY, 'No', 1],
    ['alice get app', POLICY, 'No', 1],
    ['role:admin delete cluster', POLICY, 'Yes', 0],
    ['role:admin delete cluster --use-builtin-policy=false', POLICY, 'No', 1],
    ['eve get projects --default-role role:readonly', POLICY, 'Yes', 0],
    ['alice sync app default/web', CONFIG_MAP, 'Yes', 0],
    ['alice sync app default/9', CONFIG_MAP, 'No', 1],
    ['alice get log default/web', CONFIG_MAP, 'Yes', 0],
    ['eve fly planes --strict=false', POLICY, 'No', 1],
  ])('%s', async (question, text, out, code) => {
    expect(await hawser(can(question, text))).toEqual({ code, out: `${out}\n`, err: '' });
    expect(await argocd(can(question, text))).toEqual({ code, out: `${out}\n`, err: '' });
    expect(await hawser(can(`${question} -q`, text))).toEqual({ code, out: '', err: '' });
  });

  test('answers in JSON, and reads stdin', async () => {
    const line = 'admin settings rbac can alice get app default/web --policy-file - -o json';
    const { code, out } = await hawser(line, { stdin: POLICY });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      ...{ subject: 'alice', action: 'get', resource: 'app', object: 'default/web', allowed: true },
    });
  });

  test.each([
    [
      'alice fly applications',
      POLICY,
      2,
      "'fly' is not a valid action for applications",
      1,
      "error in RBAC request: 'fly' is not a valid action for applications",
    ],
    [
      'alice get planes',
      POLICY,
      2,
      "'planes' is not a valid resource name",
      1,
      "error in RBAC request: 'planes' is not a valid resource name",
    ],
    [
      'alice get app',
      'nonsense',
      20,
      'policy.csv, line 1, column 1: a line starts with p',
      1,
      'invalid user policy: policy syntax error: nonsense',
    ],
  ])('%s is refused', async (question, text, code, err, theirs, message) => {
    const ours = await hawser(can(question, text));
    expect(ours.code).toBe(code);
    expect(ours.err).toContain(err);
    const drop = await argocd(can(question, text));
    expect(drop.code).toBe(theirs);
    expect(JSON.parse(drop.err)).toMatchObject({ level: 'fatal', msg: message });
  });

  test('needs one source', async () => {
    expect(await hawser('admin settings rbac can alice get app')).toMatchObject({ code: 2 });
    expect(await hawser(`${can('alice get app')} --namespace argocd`)).toMatchObject({ code: 2 });
    const drop = await argocd('admin settings rbac can alice get app');
    expect(drop).toMatchObject({ code: 1, out: expect.stringContaining('Usage:') });
    expect(JSON.parse(drop.err)).toMatchObject({ msg: 'please provide exactly one of --policy-file or --namespace' });
  });

  test('needs a kubeconfig in drop-in mode alone', async () => {
    const env = { KUBECONFIG: join(folder, 'none') };
    expect(await hawser(can('alice get app default/web'), { env })).toMatchObject({ code: 0 });
    const drop = await hawser(can('alice get app default/web'), { env, program: 'argocd' });
    expect(drop.code).toBe(1);
    expect(JSON.parse(drop.err).msg).toMatch(/^could not create k8s client: invalid configuration: no configuration/);
  });

  test('takes no flag of kubectl for granted', async () => {
    expect(await hawser(`${can('alice get app')} --as root`)).toMatchObject({
      code: 20,
      err: expect.stringContaining('--as is not supported'),
    });
  });

  test('a file that is not there', async () => {
    const line = 'admin settings rbac can alice get app --policy-file none.csv';
    expect(await hawser(line)).toMatchObject({ code: 2, err: expect.stringContaining('cannot read none.csv') });
    const drop = await argocd(line);
    expect(drop.code).toBe(1);
    expect(JSON.parse(drop.err).msg).toBe('error opening policy file: open none.csv: no such file or directory');
  });
});

describe('rbac validate', () => {
  const validate = (text: string): string => `admin settings rbac validate --policy-file ${file('policy', text)}`;

  test('a good one', async () => {
    expect(await hawser(validate(POLICY))).toEqual({ code: 0, out: 'Policy is valid.\n', err: '' });
    expect(await argocd(validate(CONFIG_MAP))).toEqual({ code: 0, out: 'Policy is valid.\n', err: '' });
  });

  test('a bad one, with the place of each fault', async () => {
    const bad = `${POLICY}\n  p, alice\n`;
    expect(await hawser(validate(bad))).toEqual({
      code: 1,
      out: 'Policy is invalid:\n  policy.csv, line 5, column 3: 1 fields behind p in place of 5: p, subject, resource, action, object, allow or deny\n    p, alice\n',
      err: '',
    });
    expect(await argocd(validate(bad))).toEqual({ code: 1, out: 'Policy is invalid: <nil>\n', err: '' });
    const { out } = await hawser(`${validate(bad)} -o json`);
    expect(JSON.parse(out)).toMatchObject({ valid: false, faults: [{ key: 'policy.csv', line: 5, column: 3 }] });
  });

  test('none at all', async () => {
    const none = 'kind: ConfigMap\ndata: {policy.default: x}\n';
    expect(await hawser(validate(none))).toMatchObject({ code: 4 });
    const drop = await argocd(validate(none));
    expect(drop.code).toBe(1);
    expect(JSON.parse(drop.err).msg).toBe('Policy is empty or could not be loaded.');
  });
});

describe('validate', () => {
  const SETTINGS = `kind: ConfigMap
data:
  accounts.x: login
  kustomize.buildOptions: --enable-helm
  resource.customizations.health.example.com_Widget: |
    return {}
`;
  const BAD = SETTINGS.replace('login', 'nonsense')
    .replace('kustomize.', 'url: "::"\n  kustomize.')
    .replace('resource.customizations.health.example.com_Widget: |\n    return {}', 'resource.customizations: "[a"');

  test('says what is in each part', async () => {
    const path = file('cm.yaml', SETTINGS);
    expect(await hawser(`admin settings validate --argocd-cm-path ${path}`)).toEqual({
      code: 0,
      out: '✅ accounts\n2 accounts\n\n✅ general\nSSO is not configured\n\n✅ kustomize\n--enable-helm\n\n✅ resource-overrides\n3 resource overrides\n',
      err: '',
    });
    expect(await hawser(`admin settings validate --group accounts --argocd-cm-path ${path}`)).toMatchObject({
      out: '✅ accounts\n2 accounts\n',
    });
    const drop = await argocd(`admin settings validate --argocd-cm-path ${path}`);
    expect(drop.code).toBe(0);
    expect(drop.out).toMatch(/3 resource overrides\n\{"level":"info","msg":"Ignore status for all objects".*\}\n\n$/);
    expect(drop.err.trim().split('\n')).toHaveLength(3);
  });

  test('and what is wrong', async () => {
    const line = `admin settings validate --argocd-cm-path ${file('cm.yaml', BAD)}`;
    const { code, out } = await hawser(line);
    expect(code).toBe(1);
    expect(out).toContain(
      "✅ accounts\n2 accounts\nwarning: not supported account capability 'nonsense' in config map key 'accounts.x'",
    );
    expect(out).toContain(
      'warning: Failed to validate URL in configmap: failed to parse URL: parse "::": missing protocol scheme',
    );
    expect(out).toContain('❌ resource-overrides\n');
    expect(await argocd(line)).toMatchObject({ code: 0, out: expect.stringContaining('❌ resource-overrides\n') });
    const json = JSON.parse((await hawser(`${line} -o json`)).out);
    expect(json).toMatchObject([{ name: 'accounts' }, {}, {}, { name: 'resource-overrides', isValid: false }]);
  });

  test('needs settings, and a part that there is', async () => {
    expect(await hawser('admin settings validate')).toMatchObject({ code: 2 });
    const drop = await argocd('admin settings validate');
    expect(drop.code).toBe(20);
    expect(JSON.parse(drop.err).msg).toBe(
      'either --argocd-cm-path must be provided or --load-cluster-settings must be set to true',
    );
    const line = `admin settings validate --group odd --argocd-cm-path ${file('cm.yaml', SETTINGS)}`;
    expect(await hawser(line)).toMatchObject({ code: 2, err: expect.stringContaining("no part 'odd'") });
  });
});

describe('resource-overrides', () => {
  const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, generation: 1}
spec: {replicas: 1, selector: {}, template: {}}
status: {observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1}
`;
  const WIDGET = 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: x}\n';
  const SETTINGS = `kind: ConfigMap
data:
  resource.customizations.ignoreDifferences.apps_Deployment: "jsonPointers: [/spec/replicas]"
  resource.customizations.ignoreResourceUpdates.apps_Deployment: "jqPathExpressions: [.metadata.generation]"
  resource.customizations.health.example.com_Widget: return {}
`;
  const VERBS: Readonly<Record<string, string>> = {
    health: 'admin settings resource-overrides health',
    'ignore-differences': 'admin settings resource-overrides ignore-differences',
    'ignore-resource-updates': 'admin settings resource-overrides ignore-resource-updates',
    'list-actions': 'admin settings resource-overrides list-actions',
    'run-action': 'admin settings resource-overrides run-action',
  };
  const line = (verb: string, object = DEPLOYMENT, rest = ''): string =>
    `${VERBS[verb]} ${file('object.yaml', object)}${rest} --argocd-cm-path ${file('cm.yaml', SETTINGS)}`;

  test.each([
    ['health', DEPLOYMENT, '', 'STATUS: Healthy\nMESSAGE: \n'],
    [
      'health',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n',
      '',
      "Health script is not configured for '/ConfigMap'\n",
    ],
    ['ignore-differences', DEPLOYMENT, '', 'Following fields are ignored:\n\n7d6\n<   replicas: 1\n'],
    ['ignore-differences', WIDGET, '', "Ignore differences are not configured for 'example.com/Widget'\n"],
    ['ignore-resource-updates', DEPLOYMENT, '', 'Following fields are ignored:\n\n4d3\n<   generation: 1\n'],
    [
      'list-actions',
      DEPLOYMENT,
      '',
      'NAME     DISABLED\npause    false\nrestart  false\nresume   true\nscale    false\n',
    ],
    ['list-actions', WIDGET, '', "Actions are not configured for 'example.com/Widget'\n"],
    ['run-action', DEPLOYMENT, ' pause', 'Following fields have been changed:\n\n6a7\n>   paused: true\n'],
    [
      'run-action',
      DEPLOYMENT,
      ' scale --param replicas=3',
      'Following fields have been changed:\n\n7c7\n<   replicas: 1\n---\n>   replicas: 3\n',
    ],
  ])('%s', async (verb, object, rest, out) => {
    expect(await hawser(line(verb, object, rest))).toEqual({ code: 0, out, err: '' });
    expect(await argocd(line(verb, object, rest))).toMatchObject({ code: 0, out });
  });

  const SCRIPTS = `kind: ConfigMap
data:
  resource.customizations: |
    "*.com/Gadget":
      health.lua: return {status = 'Healthy', message = string.upper('fine')}
      health.lua.useOpenLibs: true
    example.com/Odd:
      health.lua: return {status = 'Well'}
    example.com/Widget:
      health.lua: |
        if obj.spec == nil then
          return {status = 'Progressing', message = 'no spec'}
        end
        return obj.spec.size.unit
      actions: |
        discovery.lua: |
          return {grow = {params = {{name = 'by'}}}, freeze = {disabled = true}}
        definitions:
        - name: grow
          action.lua: |
            obj.spec = {size = actionParams['by'] + 1}
            return obj
        - name: loop
          action.lua: while true do end
  resource.customizations.health.v1: return {}
  resource.customizations.health.ConfigMap: return {status = 'Suspended'}
`;
  const scripted = (verb: string, object: string, rest = ''): string =>
    `${VERBS[verb]} ${file('object.yaml', object)}${rest} --argocd-cm-path ${file('cm.yaml', SCRIPTS)}`;
  const thing = (kind: string, spec = ''): string =>
    `apiVersion: example.com/v1\nkind: ${kind}\nmetadata: {name: x}\n${spec}`;

  test.each([
    ['health', thing('Widget'), '', 'STATUS: Progressing\nMESSAGE: no spec\n'],
    [
      'health',
      thing('Widget', 'spec: {}\n'),
      '',
      "STATUS: Unknown\nMESSAGE: <string>:4: attempt to index a non-table object(nil) with key 'unit'\n",
    ],
    ['health', thing('Gadget'), '', 'STATUS: Healthy\nMESSAGE: FINE\n'],
    ['health', thing('Odd'), '', 'STATUS: Unknown\nMESSAGE: Lua returned an invalid health status\n'],
    ['health', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n', '', 'STATUS: Suspended\nMESSAGE: \n'],
    ['list-actions', thing('Widget'), '', 'NAME    DISABLED\nfreeze  true\ngrow    false\n'],
    [
      'run-action',
      thing('Widget'),
      ' grow --param by=4',
      'Following fields have been changed:\n\n4a5,6\n> spec:\n>   size: 5\n',
    ],
  ])('%s by a script: %s', async (verb, object, rest, out) => {
    expect(await hawser(scripted(verb, object, rest))).toEqual({ code: 0, out, err: '' });
    expect(await argocd(scripted(verb, object, rest))).toMatchObject({ code: 0, out });
  });

  test('a script that does not end is ended', async () => {
    expect(await hawser(scripted('run-action', thing('Widget'), ' loop'))).toMatchObject({
      code: 20,
      err: expect.stringContaining('context deadline exceeded'),
    });
  });

  test.each([
    [' fly', "there is no action 'fly'", 20],
    [' scale --param replicas', "'replicas' is no parameter", 2],
  ])('run-action%s is refused', async (rest, message, code) => {
    expect(await hawser(line('run-action', DEPLOYMENT, rest))).toMatchObject({
      code,
      err: expect.stringContaining(message),
    });
  });

  test('an object that is none', async () => {
    expect(await hawser(line('health', 'a: b\n'))).toMatchObject({
      code: 20,
      err: expect.stringContaining('no Kubernetes object'),
    });
  });
});
