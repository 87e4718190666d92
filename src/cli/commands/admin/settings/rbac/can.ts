import type { Command } from 'commander';
import { HawserError } from '../../../../../core/errors.ts';
import type { Context } from '../../../../context.ts';
import { defineCommand } from '../../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../../../output/result.ts';
import { faultText, NAMESPACE_FLAG, POLICY_FLAGS, readPolicy } from '../shared/policy-source.ts';

const CAN_FLAGS = [
  ...POLICY_FLAGS,
  { ...NAMESPACE_FLAG, short: 'n' },
  {
    name: 'default-role',
    type: 'string',
    value: 'role',
    summary: 'role that everybody has (default: policy.default of the ConfigMap)',
  },
  { name: 'use-builtin-policy', type: 'bool', default: true, summary: 'count the built-in roles in' },
  { name: 'strict', type: 'bool', default: true, summary: 'refuse resources and actions that do not exist' },
  { name: 'quiet', short: 'q', type: 'bool', summary: 'print nothing: the exit code is the answer' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

type CanOptions = OptionsOf<typeof CAN_FLAGS>;

interface Asked {
  readonly subject: string;
  readonly action: string;
  readonly resource: string;
  readonly object: string;
}

export function rbacCanCommand(context: Context, run = runCan): Command {
  return defineCommand(
    {
      name: 'can',
      description:
        'Checks what a policy allows a role, a user or a group: Yes, or No with exit code 1. Projects add nothing to it.',
      arguments: ['<subject>', '<action>', '<resource>', '[sub-resource]'],
      argumentSummaries: {
        subject: 'a role (role:admin), user or group',
        'sub-resource': 'an object like default/guestbook (default: all)',
      },
      flags: CAN_FLAGS,
      examples: [
        {
          about: 'May the role create an application in this project?',
          line: 'hawser admin settings rbac can role:dev create application default/web --policy-file policy.csv',
        },
        {
          about: 'Ask the policy of an installation',
          line: 'hawser admin settings rbac can alice sync applications default/web --namespace argocd',
        },
        {
          about: 'Ask with another default role',
          line: 'hawser admin settings rbac can bob get projects --default-role role:readonly --policy-file policy.csv',
        },
      ],
    },
    (options, ...[subject, action, resource, object = '']) =>
      run({ subject, action, resource, object }, options, context),
  );
}

async function runCan(asked: Asked, options: CanOptions, context: Context): Promise<void> {
  const tools = await context.settingsTools();
  const data = await readPolicy(options, { tools, purpose: 'create k8s client' }, context);
  const faults = tools.policyFaults(data);
  if (faults.length > 0) {
    throw new HawserError('invalid', `the policy cannot be read\n  ${faults.map(faultText).join('\n  ')}`, {
      details: { faults },
      reason: { kind: 'invalid-policy', policy: data['policy.csv'] ?? '' },
    });
  }
  const problem = options.strict ? tools.wordProblem(asked) : undefined;
  if (problem !== undefined) {
    throw new HawserError('usage', problem, {
      hint: '--strict=false asks all the same',
      reason: { kind: 'unknown-right', problem },
    });
  }
  const { defaultRole = '', useBuiltinPolicy: usesBuiltin, output, quiet = false } = options;
  const allowed = tools.allows(data, { ...asked, defaultRole, usesBuiltin });
  const text = (): unknown => quiet || context.io.out.write(allowed ? 'Yes\n' : 'No\n');
  await writeResult({ ...asked, allowed }, { output, text }, context);
  if (!allowed) throw new HawserError('differs', 'it is not allowed');
}
