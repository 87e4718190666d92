import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { defineCommand } from '../input/command.ts';
import type { Flag, OptionsOf } from '../input/flags.ts';
import { ADDRESS_FLAG, PORT_FLAG } from '../input/listen-flags.ts';
import { untilSignal } from '../waiting/until-signal.ts';

const SERVER_FLAGS = [
  ADDRESS_FLAG,
  { ...PORT_FLAG, default: 8080 },
  { name: 'insecure', type: 'bool', own: true, summary: 'serve plain HTTP only' },
] as const satisfies readonly Flag[];

export type ServerOptions = OptionsOf<typeof SERVER_FLAGS>;

export function serverCommand(context: Context, run = runServer): Command {
  return defineCommand(
    {
      name: 'server',
      description:
        'Runs the API server, repo server and controller over the local cluster.\nTLS and plain HTTP share one port. Ctrl-C or SIGTERM stops it after the running requests.',
      flags: SERVER_FLAGS,
      examples: [
        { about: 'Keep the local system running', line: 'hawser server' },
        { about: 'Serve on another port, in plain HTTP', line: 'hawser server --port 9000 --insecure' },
        { about: 'Use a data folder of its own', line: 'hawser server --data-dir ./state' },
      ],
    },
    (options) => run(options, context),
  );
}

async function runServer(options: ServerOptions, context: Context): Promise<void> {
  const system = await context.own();
  try {
    const insecure = options.insecure ?? context.globals().insecure ?? false;
    const { port } = await system.listen({ host: options.address, port: options.port }, insecure);
    const host = options.address.includes(':') ? `[${options.address}]` : options.address;
    context.io.out.write(`hawser server listens on ${insecure ? 'http' : 'https'}://${host}:${port}\n`);
    const how = insecure ? '--plaintext' : '--insecure';
    context.say(
      `log in: hawser login ${host}:${port} ${how} --username admin --password "$(hawser admin initial-password)"`,
    );
    await untilSignal(context);
    context.say('ending: waiting for running requests');
  } finally {
    await system.close();
  }
}
