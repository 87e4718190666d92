import type { Command } from 'commander';
import { HawserError } from '../../../../core/errors.ts';
import { at, isList, type Json, listAt, toJson } from '../../../../core/json.ts';
import { parseYaml } from '../../../../core/yaml.ts';
import type { GroupKind } from '../../../../model/project.ts';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { ADMIN_KUBECTL_FLAGS, clusterChoice } from '../../../input/kubectl-flags.ts';
import { writeManifests } from '../../../input/manifest-output.ts';
import { readSource } from '../../../input/read-source.ts';
import { readTyped } from '../../../input/typed-document.ts';

const GENERATE_FLAGS = [
  ...ADMIN_KUBECTL_FLAGS,
  { name: 'namespace', short: 'n', type: 'string', hidden: true, summary: 'namespace of the system' },
  { name: 'out', short: 'o', type: 'string', default: '-', value: 'file', summary: 'write to this file; - is stdout' },
  { name: 'format', type: 'string', default: 'yaml', own: true, choices: ['yaml', 'json'], summary: 'yaml or json' },
] as const satisfies readonly Flag[];

type GenerateOptions = OptionsOf<typeof GENERATE_FLAGS> & { readonly role: string; readonly project: string };

export function generateAllowListCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'generate-allow-list',
      description:
        'Prints a project that allows the namespaced kinds which a ClusterRole lets be created. The kinds come from the cluster of the kubeconfig.',
      arguments: ['<clusterrole_path>', '<proj_name>'],
      flags: GENERATE_FLAGS,
      examples: [
        { about: 'Print a project for a role', line: 'hawser admin proj generate-allow-list role.yaml shop' },
        {
          about: 'Ask another cluster for its kinds',
          line: 'hawser admin proj generate-allow-list role.yaml shop --context prod --out shop.yaml',
        },
      ],
    },
    (options, role, project) => runGenerate({ ...options, role, project }, context),
  );
}

async function runGenerate(options: GenerateOptions, context: Context): Promise<void> {
  const { role, project, out, format } = options;
  const text = await readSource(role, context);
  const rules = listAt(
    readTyped(() => toJson(parseYaml(text, role)), context),
    'rules',
  );
  if (rules.length === 0)
    throw new HawserError('usage', `${role}: there is no rule of a ClusterRole in it`, {
      hint: 'kubectl get clusterrole NAME -o yaml > role.yaml',
    });
  const kinds = await kindsOf(options, context);
  const namespaceResourceWhitelist = rules.flatMap((rule) => allowed(rule, kinds));
  const document = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: project },
    spec: { namespaceResourceWhitelist: unique(namespaceResourceWhitelist) },
  };
  await writeManifests([document], { format, to: out }, context);
}

type ServedKind = GroupKind & { readonly resource: string };

async function kindsOf(options: GenerateOptions, context: Context): Promise<readonly ServedKind[]> {
  const { kubeconfig: path, kubeContext } = clusterChoice(options);
  const kubeconfig = await context.kubeconfig(path === undefined ? {} : { path });
  const current = kubeconfig.contexts.find(({ isCurrent }) => isCurrent)?.name ?? '';
  const cluster = await kubeconfig.open(kubeContext ?? current);
  try {
    return await cluster.kinds();
  } finally {
    cluster.close();
  }
}

/** The kinds that a rule of a role lets be created. */
function allowed(rule: Json, kinds: readonly ServedKind[]): readonly GroupKind[] {
  const texts = (field: string): readonly string[] => {
    const values = at(rule, field);
    return isList(values) ? values.map(String) : [];
  };
  const has = (field: string, text: string): boolean =>
    texts(field).some((value) => value === '*' || value.toLowerCase() === text.toLowerCase());
  if (!has('verbs', 'create')) return [];
  return kinds
    .filter(({ group, resource }) => has('apiGroups', group) && has('resources', resource))
    .map(({ group, kind }) => ({ group, kind }));
}

const unique = (kinds: readonly GroupKind[]): readonly GroupKind[] => [
  ...new Map(kinds.map((kind) => [`${kind.group}/${kind.kind}`, kind])).values(),
];
