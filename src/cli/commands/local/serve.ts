import type { Command } from 'commander';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { ADDRESS_FLAG, PORT_FLAG } from '../../input/listen-flags.ts';
import { untilSignal } from '../../waiting/until-signal.ts';

const SERVE_FLAGS = [ADDRESS_FLAG, { ...PORT_FLAG, default: 6443 }] as const satisfies readonly Flag[];

export type ServeOptions = OptionsOf<typeof SERVE_FLAGS>;

export function serveCommand(context: Context, run = runServe): Command {
  return defineCommand(
    {
      name: 'serve',
      description:
        'Serves the Kubernetes API of the local cluster until it is stopped with Ctrl-C or SIGTERM. The Applications in its namespace argocd are reconciled meanwhile.',
      flags: SERVE_FLAGS,
      examples: [
        { about: 'Serve the Kubernetes API of the local cluster', line: 'hawser local serve' },
        { about: 'Serve it on a free port', line: 'hawser local serve --port 0' },
        {
          about: 'Use it with kubectl',
          line: 'hawser local kubeconfig > local.kubeconfig\nkubectl --kubeconfig local.kubeconfig get pods -A',
        },
      ],
    },
    (options) => run(options, context),
  );
}

async function runServe(options: ServeOptions, context: Context): Promise<void> {
  const system = await context.own();
  try {
    const { port } = await system.listenKubernetes({ host: options.address, port: options.port });
    context.io.out.write(`the local cluster listens on https://${options.address}:${port ?? options.port}\n`);
    context.say(
      'use it: hawser local kubeconfig > local.kubeconfig && kubectl --kubeconfig local.kubeconfig get pods -A',
    );
    await Promise.all([system.work(), untilSignal(context)]);
  } finally {
    await system.close();
  }
}
