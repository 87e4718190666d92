// Flags that people bring along from kubectl, gh, helm and git, and the ones that mean the same here.

import type { Flag } from '../input/flags.ts';

/** Names without dashes; of several flags those count that the command has. */
const MEANT: Readonly<Record<string, readonly string[]>> = {
  n: ['app-namespace', 'dest-namespace'],
  namespace: ['app-namespace', 'dest-namespace'],
  context: ['argocd-context'],
  token: ['auth-token'],
  branch: ['revision'],
  tag: ['revision'],
  rev: ['revision'],
  commit: ['revision'],
  chart: ['helm-chart'],
  version: ['revision'],
  set: ['helm-set'],
  image: ['kustomize-image'],
  folder: ['path'],
  dir: ['path'],
  cluster: ['dest-server', 'dest-name'],
  filename: ['file'],
  labels: ['selector', 'label'],
  'label-selector': ['selector'],
  'field-selector': ['selector', 'health', 'sync'],
  'auto-sync': ['sync-policy'],
  'self-healing': ['self-heal'],
  sort: ['sort-by'],
  template: ['output'],
  format: ['output'],
  force: ['yes'],
  verbose: ['loglevel'],
  debug: ['loglevel'],
  'no-color': ['color'],
};

const SENTENCES: Readonly<Record<string, string>> = {
  json: 'use -o json',
  yaml: 'use -o yaml',
  web: 'hawser app get NAME --web opens the page of an application',
  kubeconfig: 'set KUBECONFIG to the file',
  quiet: 'progress is written to stderr: 2> /dev/null hides it',
  q: 'progress is written to stderr: 2> /dev/null hides it',
  all: "name them by a glob: '*'",
};

/** What to type in place of a flag that no command here has; undefined where it is nobody's. */
export function foreignFlagHint(name: string, flags: readonly Flag[]): string | undefined {
  const meant = (MEANT[name] ?? []).filter((other) => flags.some((flag) => flag.name === other));
  if (meant.length > 0) return `use ${meant.map((other) => spelled(other, flags)).join(' or ')}`;
  return Object.hasOwn(SENTENCES, name) ? SENTENCES[name] : undefined;
}

function spelled(name: string, flags: readonly Flag[]): string {
  const short = flags.find((flag) => flag.name === name)?.short;
  return short === undefined ? `--${name}` : `-${short} (--${name})`;
}
