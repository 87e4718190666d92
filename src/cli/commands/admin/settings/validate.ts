import type { Command } from 'commander';
import { HawserError } from '../../../../core/errors.ts';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import type { SettingsGroup } from '../../../offline/settings-tools.ts';
import { RESULT_FLAG, writeResult } from '../../../output/result.ts';
import { readSettings, SETTINGS_FLAGS, SETTINGS_REMARKS } from './shared/override-source.ts';

const GROUPS = ['accounts', 'general', 'kustomize', 'resource-overrides'] as const;

const FLAGS = [
  {
    name: 'group',
    type: 'stringArray',
    suggestions: GROUPS,
    summary: `only this part of the settings: ${GROUPS.join(', ')}`,
  },
  ...SETTINGS_FLAGS,
  RESULT_FLAG,
] as const satisfies readonly Flag[];

type ValidateOptions = OptionsOf<typeof FLAGS>;

export function settingsValidateCommand(context: Context, run = runValidate): Command {
  return defineCommand(
    {
      name: 'validate',
      description:
        'Checks the settings in argocd-cm and argocd-secret, part by part. Exit code 1 means that one cannot be read.',
      flags: FLAGS,
      examples: [
        { about: 'Check a file', line: 'hawser admin settings validate --argocd-cm-path argocd-cm.yaml' },
        {
          about: 'Check one part',
          line: 'hawser admin settings validate --group accounts --argocd-cm-path argocd-cm.yaml',
        },
        {
          about: 'Check the settings of an installation',
          line: 'hawser admin settings validate --load-cluster-settings --namespace argocd',
        },
      ],
    },
    (options) => run(options, context),
  );
}

async function runValidate(options: ValidateOptions, context: Context): Promise<void> {
  const { group = [], output } = options;
  const unknown = group.find((name) => !GROUPS.some((each) => each === name));
  if (unknown !== undefined) {
    throw new HawserError('usage', `there is no part '${unknown}' of the settings`, {
      hint: `choose among ${GROUPS.join(', ')}`,
      reason: { kind: 'invalid-argument', message: `unknown settings group: ${unknown}` },
    });
  }
  const tools = await context.settingsTools();
  const config = await readSettings('ConfigMap', options, { tools, context });
  const secret = await readSettings('Secret', options, { tools, context });
  for (const remark of SETTINGS_REMARKS) context.policy.wording.remark(remark, context);
  const groups = tools.groups(config, secret).filter(({ name }) => group.length === 0 || group.includes(name));
  const text = (): void => context.io.out.write(groups.map((each) => groupText(each, context)).join('\n'));
  await writeResult(groups, { output, text }, context);
  const isBroken = groups.some(({ isValid }) => !isValid);
  if (isBroken) context.policy.own.refuse(new HawserError('differs', 'settings cannot be read'));
}

function groupText({ name, summary, isValid, warnings, remarks }: SettingsGroup, { policy, clock }: Context): string {
  const records = policy.own.add(
    () => warnings.map((text) => `warning: ${text}\n`).join(''),
    policy.wording.records(
      [
        ...warnings.map((text) => ({ level: 'warning', text }) as const),
        ...remarks.map((text) => ({ level: 'info', text }) as const),
      ],
      clock,
    ),
  );
  return `${isValid ? '✅' : '❌'} ${name}\n${summary}\n${records}`;
}
