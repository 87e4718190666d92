import type { Command } from 'commander';
import { HawserError, messageOf } from '../../core/errors.ts';
import type { Context, ListenOptions, OwnedSystem, Owning } from '../context.ts';
import { defineCommand } from '../input/command.ts';
import type { Flag, OptionsOf } from '../input/flags.ts';
import { ADDRESS_FLAG, PORT_FLAG } from '../input/listen-flags.ts';
import { untilSignal } from '../waiting/until-signal.ts';

const SERVER_FLAGS = [
  ADDRESS_FLAG,
  { ...PORT_FLAG, default: 8080 },
  { name: 'insecure', type: 'bool', own: true, summary: 'serve plain HTTP only' },
  {
    name: 'host',
    type: 'stringArray',
    own: true,
    value: 'name',
    summary:
      'a name that the server is reached by, beside those of this machine and of argocd-cm; repeatable, * is any',
  },
  {
    name: 'tls-cert',
    type: 'string',
    own: true,
    value: 'file',
    summary: 'certificate in PEM, read again when it changes',
  },
  { name: 'tls-key', type: 'string', own: true, value: 'file', summary: 'private key of the certificate in PEM' },
  {
    name: 'kubernetes-port',
    type: 'int',
    own: true,
    value: 'number',
    summary: "port of the local cluster's Kubernetes API, on this machine alone; 6443, or a free one if that is in use",
  },
  {
    name: 'local-repositories',
    type: 'bool',
    own: true,
    summary: 'permit repositories of this machine (folders, loopback) although others can reach the server',
  },
] as const satisfies readonly Flag[];

export type ServerOptions = OptionsOf<typeof SERVER_FLAGS>;

export function serverCommand(context: Context, run = runServer): Command {
  return defineCommand(
    {
      name: 'server',
      description:
        'Runs the API server, repo server and controller over the local cluster, whose Kubernetes API listens on 127.0.0.1:6443.\nTLS and plain HTTP share one port, on either; plain HTTP of other machines is redirected.\nCtrl-C or SIGTERM stops it after the running requests.',
      flags: SERVER_FLAGS,
      examples: [
        { about: 'Keep the local system running', line: 'hawser server' },
        { about: 'Serve on another port, in plain HTTP', line: 'hawser server --port 9000 --insecure' },
        {
          about: 'Serve others by a name and a certificate of your own',
          line: 'hawser server --address 0.0.0.0 --host argocd.example.com --tls-cert tls.crt --tls-key tls.key',
        },
        {
          about: 'Use its cluster with kubectl',
          line: 'hawser local kubeconfig --merge\nkubectl --context hawser-local get pods -A',
        },
        { about: 'Use a data folder of its own', line: 'hawser server --data-dir ./state' },
      ],
    },
    (options) => run(options, context),
  );
}

function tlsOf({ tlsCert: cert, tlsKey: key }: ServerOptions): ListenOptions['tls'] {
  if (cert === undefined && key === undefined) return undefined;
  if (cert !== undefined && key !== undefined) return { cert, key };
  throw new HawserError('usage', '--tls-cert and --tls-key belong together', { hint: 'give both, or neither' });
}

/** Of a server on this machine alone one person decides what it fetches. */
function reachOf({ address, localRepositories }: ServerOptions): Owning {
  if (/^(127\..*|localhost|::1)$/.test(address)) return {};
  return { reach: localRepositories ? 'anywhere' : 'elsewhere' };
}

const KUBERNETES_PORT = 6443;

/** A port that was asked for must be had; 6443 may be another cluster's, and a server works without any. */
async function serveKubernetes(system: OwnedSystem, asked: number | undefined, context: Context): Promise<void> {
  const listen = (port: number): ReturnType<OwnedSystem['listenKubernetes']> =>
    system.listenKubernetes({ host: '127.0.0.1', port });
  const port = await openPort(listen, asked).catch((thrown: unknown) => {
    if (asked !== undefined) throw thrown;
    context.say(`warning: nobody reaches its cluster by kubectl: ${messageOf(thrown)}`);
  });
  if (port !== undefined)
    context.say(`its cluster listens on https://127.0.0.1:${port}: hawser local kubeconfig --merge`);
}

async function openPort(
  listen: (port: number) => ReturnType<OwnedSystem['listenKubernetes']>,
  asked: number | undefined,
): Promise<number | undefined> {
  if (asked !== undefined) return (await listen(asked)).port;
  return (await listen(KUBERNETES_PORT).catch(() => listen(0))).port;
}

async function runServer(options: ServerOptions, context: Context): Promise<void> {
  const tls = tlsOf(options);
  const system = await context.own(reachOf(options));
  try {
    const insecure = options.insecure ?? context.globals().insecure ?? false;
    const { address, host: hosts = [] } = options;
    const { port } = await system.listen({ host: address, port: options.port }, { insecure, hosts, tls });
    const host = address.includes(':') ? `[${address}]` : address;
    context.io.out.write(`hawser server listens on ${insecure ? 'http' : 'https'}://${host}:${port}\n`);
    const how = insecure ? '--plaintext' : '--insecure';
    context.say(
      `log in: hawser login ${host}:${port} ${how} --username admin --password "$(hawser admin initial-password)"`,
    );
    await serveKubernetes(system, options.kubernetesPort, context);
    await Promise.all([system.work(), untilSignal(context)]);
    context.say('ending: waiting for running requests');
  } finally {
    await system.close();
  }
}
