// Which files of transcripts are replayed, and which of their lines come out otherwise, each with its reason. The second
// table only shrinks, but for what docs/argocd-differences.md says.

export const FILES: readonly string[] = [
  'account',
  'app-actions',
  'app-create',
  'app-delete',
  'app-diff',
  'app-get',
  'app-history-rollback',
  'app-list',
  'app-logs',
  'app-manifests',
  'app-patch',
  'app-resources',
  'app-rights',
  'app-set-unset',
  'app-sources',
  'app-sync',
  'app-sync-failing',
  'app-terminate',
  'app-wait',
  'errors',
  'login-context',
  'version-completion',
];

const GROUPS = 'a group of commands that is not there yet';
const DEFECT = 'listed as a defect: ours says so and fails';
const GRPC = 'has no form over REST; servers of Hawser have an endpoint for it';
const TRANSPORT = 'there is no gRPC-Web here';
const CUT = 'the recording is cut where its state would be shown';
const UNSHOWN = 'the recording shows a part of the states alone';
const ADDED = 'a format that the reference does not have';
const UNREADABLE = 'a line feed at the end of a value, which the transcript does not tell apart';
const SAVED = 'a logout uses what the context says of its server';
const INHERITED = 'the editor writes to the terminal itself';

export const OTHERWISE: Readonly<Record<string, string>> = {
  'account 46': 'passwords are read from stdin too',
  'app-actions 3': DEFECT,
  'app-actions 6': 'a list of nothing is an empty list',
  'app-create 19': DEFECT,
  'app-create 20': DEFECT,
  'app-create 21': DEFECT,
  'app-create 23': DEFECT,
  'app-delete 2': DEFECT,
  'app-diff 6': CUT,
  'app-diff 7': CUT,
  'app-diff 11': UNSHOWN,
  'app-diff 12': GRPC,
  'app-diff 13': GRPC,
  'app-diff 15': GRPC,
  'app-diff 16': GRPC,
  'app-history-rollback 7': ADDED,
  'app-resources 3': ADDED,
  'app-resources 12': UNREADABLE,
  'app-rights 19': CUT,
  'app-set-unset 31': INHERITED,
  'app-sources 18': CUT,
  'app-sync 43': CUT,
  'app-sync-failing 13': DEFECT,
  'app-wait 7': CUT,
  'errors 3': GROUPS,
  'errors 9': GROUPS,
  'errors 12': TRANSPORT,
  'errors 15': 'an address with its scheme is understood',
  'errors 17': TRANSPORT,
  'errors 45': GROUPS,
  'login-context 8': DEFECT,
  'login-context 35': SAVED,
  'login-context 40': 'a context that does not exist is no host',
  'login-context 42': SAVED,
  'login-context 48': 'a server that other contexts use stays',
  'version-completion 26': 'a topic that is not there is no success',
};

const named = (name: string, more = ''): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}}
spec:
  project: default
  source: {repoURL: "http://127.0.0.1:8900/examples.git", path: settings, targetRevision: v1}
  destination: {server: "https://kubernetes.default.svc", namespace: conformance}
${more}`;

/** The files that lay in the folder where the command lines were typed. */
export const WRITTEN: Readonly<Record<string, string>> = {
  'one.yaml': named('from-file'),
  'two.yaml': `${named('two-a')}---\n${named('two-b')}`,
  'bad.yaml': 'a: [b\n',
  'bad2.yaml': `${named('bad')}  broken: [\n`,
  'mixed.yaml': `${named('before-broken')}---\na: [b\n`,
  'multi.yaml': named('multi').replace(/ {2}source: (.*)/, '  sources: [$1]'),
  'unknown-field.yaml': named('unknown-field', '  colour: blue\n'),
  'kind.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kind}\n',
};

/** The names of the sources of the applications that have several; what was taken away before is gone. */
export const SOURCES: Readonly<Record<string, readonly string[]>> = {
  multi: ['main', 'more', ''],
  'app-sources 36': ['main'],
};

const config = (fields: string): string =>
  `prompts-enabled: false\nservers:\n- server: 127.0.0.1:8080\n  plain-text: true\nusers:\n- name: a\n${fields}`;

/** Configuration files, with their modes. */
export const CONFIGS: Readonly<Record<string, readonly [string, number]>> = {
  open: [config(''), 0o644],
  broken: ['a: [b\n', 0o600],
  empty: ['', 0o600],
  dangling: [config('current-context: x\n'), 0o600],
  'no-current': [config('contexts:\n- name: a\n  server: 127.0.0.1:8080\n  user: a\n'), 0o600],
  own: [
    config('contexts:\n- name: 127.0.0.1:8080\n  server: 127.0.0.1:8080\n  user: a\ncurrent-context: 127.0.0.1:8080\n'),
    0o600,
  ],
};

/** Only the exit code is compared, and which stream was written to: what stands there is a matter of wording, or our own. */
export const WORDING: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 19, 20].map((index) => [
      `version-completion ${index}`,
      'our own version and build',
    ]),
  ),
  'errors 14': 'what the TLS library says',
  'errors 25': 'what the YAML library says',
  'login-context 16': 'what the TLS library says',
};

/** Drop-in mode has the reference's. */
const OWN_LIST = 'the list of applications says how each is and why; -o wide has the columns of the reference';

/** What comes out otherwise in our own way, where docs/argocd-differences.md has it. */
export const OURS: Readonly<Record<string, string>> = {
  'account 53': 'a noun alone prints its help',
  'app-actions 18': 'a noun alone prints its help',
  'app-create 22': 'a field that no type has is refused',
  'app-get 15': 'arguments that have no use are refused',
  'app-logs 11': 'a log that is followed goes on with the next container',
  'app-resources 20': 'a resource that is not there is no success',
  'app-list 0': OWN_LIST,
  'app-list 3': OWN_LIST,
  'app-list 5': OWN_LIST,
  'app-list 15': OWN_LIST,
  'app-list 23': OWN_LIST,
  'errors 23': OWN_LIST,
  'errors 43': OWN_LIST,
  'app-logs 3': 'a resource without a Pod has no log',
  'app-logs 4': 'a resource that is not there is no success',
  'app-set-unset 30': 'no editor is started where nobody sits',
  'app-sync 41': 'a selection of many applications is confirmed by their number',
  'errors 42': 'a program that adds a command says itself why it failed',
  'errors 44': 'arguments that have no use are refused',
};
