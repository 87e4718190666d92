import type { Command } from 'commander';
import { HawserError } from '../../../../../core/errors.ts';
import type { Context } from '../../../../context.ts';
import { defineCommand } from '../../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../../../output/result.ts';
import { faultText, NAMESPACE_FLAG, POLICY_FLAGS, readPolicy } from '../shared/policy-source.ts';

const VALIDATE_FLAGS = [...POLICY_FLAGS, NAMESPACE_FLAG, RESULT_FLAG] as const satisfies readonly Flag[];

export function rbacValidateCommand(context: Context, run = runValidate): Command {
  return defineCommand(
    {
      name: 'validate',
      description: 'Checks that a policy can be read, and names each line that cannot.',
      flags: VALIDATE_FLAGS,
      examples: [
        { about: 'Check a file', line: 'hawser admin settings rbac validate --policy-file policy.csv' },
        {
          about: 'Check the policy of an installation',
          line: 'hawser admin settings rbac validate --namespace argocd',
        },
      ],
    },
    (options) => run(options, context),
  );
}

async function runValidate(options: OptionsOf<typeof VALIDATE_FLAGS>, context: Context): Promise<void> {
  const tools = await context.settingsTools();
  const data = await readPolicy(options, { tools, purpose: 'get config to create k8s client' }, context);
  if (!Object.entries(data).some(([key, text]) => /^policy\.(.*\.)?csv$/.test(key) && text !== '')) {
    throw new HawserError('not-found', 'there is no policy', {
      hint: 'a ConfigMap has it in policy.csv',
      reason: { kind: 'empty-policy' },
    });
  }
  const faults = tools.policyFaults(data);
  const isValid = faults.length === 0;
  // The reference forgets to say why.
  const why = context.policy.own.add(() => `\n  ${faults.map(faultText).join('\n  ')}`, ' <nil>');
  const text = (): void => context.io.out.write(isValid ? 'Policy is valid.\n' : `Policy is invalid:${why}\n`);
  await writeResult({ valid: isValid, faults }, { output: options.output, text }, context);
  if (!isValid) throw new HawserError('differs', 'the policy is invalid');
}
