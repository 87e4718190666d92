// The flags that every command takes, and what stands in for them in the environment.

import { HawserError } from '../../core/errors.ts';
import type { Flag, OptionsOf } from '../input/flags.ts';
import { splitWords } from '../input/split-words.ts';
import type { Environment } from '../io/colour.ts';
import { CI_CHOICES, checkCi, checkLogging } from './global-values.ts';

export const GLOBAL_FLAGS = [
  {
    name: 'server',
    group: 'Connection',
    type: 'string',
    value: 'host[:port]',
    summary: 'address of the Argo CD server',
  },
  {
    name: 'auth-token',
    group: 'Connection',
    type: 'string',
    value: 'token',
    summary: 'token to use instead of a saved login',
  },
  {
    name: 'argocd-context',
    group: 'Connection',
    type: 'string',
    value: 'name',
    summary: "saved context to use ('local' is always there)",
  },
  { name: 'plaintext', group: 'Connection', type: 'bool', summary: 'use plain HTTP' },
  { name: 'insecure', group: 'Connection', type: 'bool', summary: 'skip verification of the server certificate' },
  {
    name: 'server-crt',
    group: 'Connection',
    type: 'string',
    value: 'file',
    summary: 'file with the certificate authority of the server',
  },
  {
    name: 'client-crt',
    group: 'Connection',
    type: 'string',
    value: 'file',
    summary: 'file with the client certificate',
  },
  {
    name: 'client-crt-key',
    group: 'Connection',
    type: 'string',
    value: 'file',
    summary: 'file with the key of the client certificate',
  },
  {
    name: 'header',
    short: 'H',
    group: 'Connection',
    type: 'strings',
    value: "'name: value'",
    summary: 'extra header for every request (repeatable)',
  },
  {
    name: 'grpc-web-root-path',
    group: 'Connection',
    type: 'string',
    value: 'path',
    summary: 'path prefix of the server',
  },
  {
    name: 'config',
    type: 'string',
    value: 'file',
    default: '~/.config/argocd/config',
    typedOnly: true,
    summary: 'configuration file (default: ~/.config/argocd/config)',
  },
  {
    name: 'color',
    type: 'string',
    choices: ['auto', 'always', 'never'],
    value: 'when',
    own: true,
    summary: 'auto, always or never',
  },
  {
    name: 'ci',
    type: 'string',
    choices: CI_CHOICES,
    value: 'system',
    own: true,
    summary: 'pipeline to write for: auto, github, gitlab or none',
  },
  { name: 'data-dir', type: 'string', value: 'folder', own: true, summary: 'data folder of the local system' },
  {
    name: 'loglevel',
    type: 'string',
    suggestions: ['debug', 'info', 'warn', 'error'],
    value: 'level',
    default: 'info',
    typedOnly: true,
    summary: 'log level; debug shows stack traces',
  },
  { name: 'prompts-enabled', type: 'bool', summary: 'ask for confirmation where argocd does' },
  { name: 'grpc-web', type: 'bool', hidden: true, summary: 'accepted, no effect: requests are REST' },
  {
    name: 'http-retry-max',
    type: 'int',
    hidden: true,
    summary: 'accepted, no effect: safe requests are always retried',
  },
  { name: 'logformat', type: 'string', default: 'json', typedOnly: true, hidden: true, summary: 'accepted, no effect' },
  {
    name: 'core',
    group: 'Connection',
    type: 'bool',
    summary: 'talk to the cluster of the kubeconfig, without an Argo CD server',
  },
  {
    name: 'port-forward',
    group: 'Connection',
    type: 'bool',
    summary: 'connect to the server by a port-forward through the kubeconfig',
  },
  {
    name: 'port-forward-namespace',
    group: 'Connection',
    type: 'string',
    value: 'name',
    summary: 'like --port-forward, to the server in this namespace',
  },
  {
    name: 'kube-context',
    group: 'Connection',
    type: 'string',
    value: 'name',
    summary: 'kubeconfig context for --core and --port-forward',
  },
  {
    name: 'controller-name',
    type: 'string',
    default: 'argocd-application-controller',
    typedOnly: true,
    hidden: true,
    summary: 'accepted, no effect',
  },
  {
    name: 'redis-compress',
    type: 'string',
    default: 'gzip',
    typedOnly: true,
    hidden: true,
    summary: 'accepted, no effect',
  },
  {
    name: 'redis-haproxy-name',
    type: 'string',
    default: 'argocd-redis-ha-haproxy',
    typedOnly: true,
    hidden: true,
    summary: 'accepted, no effect',
  },
  {
    name: 'redis-name',
    type: 'string',
    default: 'argocd-redis',
    typedOnly: true,
    hidden: true,
    summary: 'accepted, no effect',
  },
  {
    name: 'repo-server-name',
    type: 'string',
    default: 'argocd-repo-server',
    typedOnly: true,
    hidden: true,
    summary: 'accepted, no effect: manifests are rendered on this machine',
  },
  {
    name: 'server-name',
    type: 'string',
    default: 'argocd-server',
    typedOnly: true,
    hidden: true,
    summary: 'name label of the server for --port-forward',
  },
] as const satisfies readonly Flag[];

const FROM_OPTIONS = [
  'config',
  'server',
  'plaintext',
  'insecure',
  'server-crt',
  'client-crt',
  'client-crt-key',
  'auth-token',
  'grpc-web',
  'grpc-web-root-path',
  'logformat',
  'loglevel',
  'header',
  'core',
  'port-forward',
  'port-forward-namespace',
  'prompts-enabled',
] as const satisfies readonly (typeof GLOBAL_FLAGS)[number]['name'][];

export type Globals = OptionsOf<typeof GLOBAL_FLAGS>;

/** The saved context that the flags name. */
export const contextOf = ({ argocdContext }: Globals): string | undefined => argocdContext;

/** The flags for a server that is named otherwise. */
export function withoutServer({
  server: _server,
  argocdContext: _context,
  authToken: _token,
  ...rest
}: Globals): Globals {
  return rest;
}

/** The flags for the local system, whatever server they name. */
export const asLocal = ({ server: _server, ...rest }: Globals): Globals => ({ ...rest, argocdContext: LOCAL });

/** The same command line with the cluster of a kubeconfig in place of a server. */
export const asCore = (globals: Globals, kubeContext: string | undefined): Globals => ({
  ...globals,
  core: true,
  ...(kubeContext === undefined ? {} : { kubeContext }),
});

/** The context that is always there. */
export const LOCAL = 'local';

/** What was typed, and behind it what `HAWSER_OPTS` and `ARGOCD_OPTS` say. */
export function withEnvironment(flags: Globals, env: Environment): Globals {
  const options = readOptions(env['HAWSER_OPTS'] ?? env['ARGOCD_OPTS'] ?? '');
  const text = (name: string): string | undefined => options.get(name);
  const flag = (name: string): boolean | undefined => (options.get(name) === 'true' ? true : undefined);
  const header = text('header');
  const fromEnvironment: Partial<Record<keyof Globals, unknown>> = {
    config: text('config'),
    server: text('server') ?? env['HAWSER_SERVER'] ?? env['ARGOCD_SERVER'],
    serverName: env['HAWSER_SERVER_NAME'] ?? env['ARGOCD_SERVER_NAME'],
    authToken: text('auth-token') ?? env['HAWSER_AUTH_TOKEN'] ?? env['ARGOCD_AUTH_TOKEN'],
    argocdContext: env['HAWSER_CONTEXT'],
    dataDir: env['HAWSER_DATA_DIR'],
    ci: env['HAWSER_CI'],
    serverCrt: text('server-crt'),
    clientCrt: text('client-crt'),
    clientCrtKey: text('client-crt-key'),
    grpcWebRootPath: text('grpc-web-root-path'),
    logformat: text('logformat'),
    loglevel: text('loglevel'),
    plaintext: flag('plaintext'),
    insecure: flag('insecure'),
    core: flag('core'),
    portForward: flag('port-forward'),
    portForwardNamespace: text('port-forward-namespace'),
    promptsEnabled: flag('prompts-enabled'),
    header: header?.split(','),
  };
  const set = Object.entries(fromEnvironment).filter(([, value]) => value !== undefined && value !== '');
  const globals: Globals = { ...Object.fromEntries(set), ...flags };
  checkLogging(globals);
  checkCi(globals);
  return globals;
}

/** '--key value', '--key=value' and bare '--key' of a shell-like text. */
function readOptions(source: string): ReadonlyMap<string, string> {
  const words = splitWords(source);
  const options = new Map<string, string>();
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (!word.startsWith('--')) throw strayWord(word);
    const [name = '', ...value] = word.slice(2).split('=');
    const next = words[index + 1];
    if (value.length > 0) options.set(name, value.join('='));
    else if (next !== undefined && !next.startsWith('-')) {
      options.set(name, next);
      index += 1;
    } else options.set(name, 'true');
  }
  return new Map([...options].filter(([name]) => FROM_OPTIONS.some((option) => option === name)));
}

function strayWord(word: string): HawserError {
  return new HawserError('usage', `ARGOCD_OPTS invalid at '${word}'`, {
    hint: 'write long options only: --name value',
    reason: { kind: 'invalid-environment-options' },
  });
}
