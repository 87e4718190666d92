import type { Command } from 'commander';
import { getVersion, type ServerVersion } from '../../api/sessions.ts';
import type { Context } from '../context.ts';
import { defineCommand } from '../input/command.ts';
import type { Flag, OptionsOf } from '../input/flags.ts';
import { KUBECTL_FLAGS } from '../input/kubectl-flags.ts';
import { checkFormat, outputFlag, writeDocument } from '../output/document.ts';

const VERSION_FLAGS = [
  { name: 'client', type: 'bool', summary: 'show only the client version' },
  { name: 'short', type: 'bool', summary: 'show only version numbers' },
  { ...outputFlag('wide, short, json or yaml'), default: 'wide' },
  ...KUBECTL_FLAGS,
] as const satisfies readonly Flag[];

export type VersionOptions = OptionsOf<typeof VERSION_FLAGS>;

export function versionCommand(context: Context, run = runVersion): Command {
  return defineCommand(
    {
      name: 'version',
      description: 'Shows the versions of the client and the server.',
      flags: VERSION_FLAGS,
      examples: [
        { about: 'Show the versions of client and server', line: 'hawser version' },
        { about: 'Show the version of this program alone', line: 'hawser version --client' },
        { about: 'Print the versions as JSON', line: 'hawser version -o json' },
      ],
    },
    (options) => run(options, context),
  );
}

async function runVersion(options: VersionOptions, context: Context): Promise<void> {
  checkFormat(options.output, ['wide', 'short', 'json', 'yaml'], 'version');
  const client = clientVersion(context);
  const isText = options.output === 'wide' || options.output === 'short';
  const isShort = options.short === true || options.output === 'short';
  if (isText) context.io.out.write(block(context.policy.program, client, isShort));
  const server = options.client ? undefined : await askServer(context);
  if (isText && server) context.io.out.write(block('argocd-server', server, isShort));
  if (isText) return;
  const document = isShort
    ? {
        client: { [context.policy.program]: client.Version },
        ...(server ? { server: { 'argocd-server': server.Version } } : {}),
      }
    : { client, ...(server ? { server: filled(server) } : {}) };
  await writeDocument(document, options.output, context);
}

async function askServer(context: Context): Promise<ServerVersion> {
  const { client } = await context.connect();
  return client.call(getVersion, {});
}

function clientVersion(context: Context): ServerVersion {
  return {
    Version: `v${context.version()}`,
    BuildDate: '',
    GitCommit: '',
    GitTag: '',
    GitTreeState: '',
    GoVersion: '',
    Compiler: `node ${process.versions.node}`,
    Platform: `${process.platform}/${process.arch}`,
    KubectlVersion: '',
    ExtraBuildInfo: '',
  };
}

const LABELS: readonly (readonly [keyof ServerVersion, string])[] = [
  ['BuildDate', 'BuildDate'],
  ['GitCommit', 'GitCommit'],
  ['GitTreeState', 'GitTreeState'],
  ['GitTag', 'GitTag'],
  ['GoVersion', 'GoVersion'],
  ['Compiler', 'Compiler'],
  ['Platform', 'Platform'],
  ['ExtraBuildInfo', 'ExtraBuildInfo'],
  ['KustomizeVersion', 'Kustomize Version'],
  ['HelmVersion', 'Helm Version'],
  ['KubectlVersion', 'Kubectl Version'],
  ['JsonnetVersion', 'Jsonnet Version'],
];

function block(name: string, version: ServerVersion, isShort: boolean): string {
  const head = `${name}: ${version.Version}\n`;
  if (isShort) return head;
  const lines = LABELS.filter(([field]) => (version[field] ?? '') !== '').map(
    ([field, label]) => `  ${label}: ${version[field]}\n`,
  );
  return head + lines.join('');
}

const filled = (version: ServerVersion): Record<string, unknown> =>
  Object.fromEntries(Object.entries(version).filter(([, value]) => value !== ''));
