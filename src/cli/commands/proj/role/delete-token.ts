import type { Command } from 'commander';
import { deleteRoleToken } from '../../../../api/projects.ts';
import { HawserError } from '../../../../core/errors.ts';
import { LINE_QUESTIONS } from '../../../compat/questions.ts';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import { confirmIfAsked, endDeclined } from '../../../input/confirm.ts';
import { RESULT_FLAG, writeResult } from '../../../output/result.ts';

export function deleteRoleTokenCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'delete-token',
      description: 'Revokes a token of a role of a project, named by the time at which it was issued.',
      arguments: ['<project>', '<role-name>', '<issued-at>'],
      flags: [RESULT_FLAG],
      examples: [
        { about: 'Revoke a token', line: 'hawser proj role delete-token shop ci 1767607200' },
        { about: 'Show the times of the tokens', line: 'hawser proj role list-tokens shop ci --unixtime' },
      ],
    },
    ({ output }, project, role, issuedAt) => runDelete({ project, role, issuedAt }, output, context),
  );
}

interface Token {
  readonly project: string;
  readonly role: string;
  readonly issuedAt: string;
}

async function runDelete(
  { project, role, issuedAt }: Token,
  output: string | undefined,
  context: Context,
): Promise<void> {
  if (!/^[+-]?\d+$/.test(issuedAt)) throw noTime({ project, role, issuedAt });
  const { client } = await context.connect();
  const iat = Number(issuedAt);
  const message = `Make the token of role '${role}' that was issued at ${issuedAt} invalid?`;
  const isAgreed = await confirmIfAsked({ message, line: LINE_QUESTIONS.deleteRoleToken(issuedAt) }, context);
  if (isAgreed) await client.call(deleteRoleToken, { project, role, iat });
  const result = isAgreed ? 'deleted' : 'cancelled';
  const reference = isAgreed ? '' : `The command to delete project token '${issuedAt}' was cancelled.\n`;
  const own = `token ${issuedAt} of role '${role}' ${isAgreed ? 'revoked' : 'kept'}`;
  const text = (): void => context.policy.wording.tellChange({ own, reference }, context);
  await writeResult({ project, role, iat, result }, { output, text }, context);
  if (!isAgreed) endDeclined(context);
}

const noTime = ({ project, role, issuedAt }: Token): HawserError =>
  new HawserError('usage', `'${issuedAt}' is no time in seconds since 1970`, {
    hint: `hawser proj role list-tokens ${project} ${role} --unixtime`,
    reason: { kind: 'invalid-number', text: issuedAt, parser: 'strconv.ParseInt' },
  });
