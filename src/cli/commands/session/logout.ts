import type { Command } from 'commander';
import { revokeToken } from '../../../client/revoke.ts';
import { HawserError } from '../../../core/errors.ts';
import { LINE_QUESTIONS } from '../../compat/questions.ts';
import { resolveContext } from '../../config/config.ts';
import { LOCAL } from '../../config/globals.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';

export function logoutCommand(context: Context, run = runLogout): Command {
  return defineCommand(
    {
      name: 'logout',
      description:
        "Ends the session of a context and removes its token. The context itself is kept; if it was the current one, 'local' is now.",
      arguments: ['<context>'],
      flags: [RESULT_FLAG],
      examples: [
        { about: 'Log out of a context', line: 'hawser logout cd.example.com' },
        { about: 'Show the names of the contexts', line: 'hawser context' },
        { about: 'Remove the context too', line: 'hawser context cd.example.com --delete' },
      ],
    },
    ({ output }, name) => run({ name, output }, context),
  );
}

interface LogoutOptions {
  readonly name: string;
  readonly output?: string;
}

async function runLogout({ name, output }: LogoutOptions, context: Context): Promise<void> {
  const file = await context.config();
  const config = await file.read();
  if (!config) {
    throw new HawserError('not-found', 'Nothing to logout from', {
      hint: 'hawser login SERVER',
      reason: { kind: 'no-login' },
    });
  }
  if (!config.contexts?.some((saved) => saved.name === name)) {
    throw new HawserError('not-found', `Context ${name} does not exist`, {
      hint: 'hawser context',
      reason: { kind: 'undefined-entry' },
    });
  }
  if (!(await agreed(name, config['prompts-enabled'], context))) return;
  const login = resolveContext(config, name);
  const token = login.user['auth-token'];
  if (token) {
    const { transport } = await context.connectTo(login);
    if (await revokeToken(transport, token))
      context.policy.wording.remark('token successfully invalidated on server', context);
    else
      context.policy.wording.note(
        'the server did not end the session: its token stays valid until it expires',
        context,
        'warning',
      );
  } else {
    const missing = 'failed to invalidate token on server: error getting token from local context file.';
    context.policy.wording.remark(missing, context, 'warning');
  }
  const isCurrent = config['current-context'] === name && !login.server.core;
  const leaves = isCurrent && context.policy.own.add(() => true, false);
  await file.change((saved) => ({
    ...saved,
    ...(leaves ? { 'current-context': '' } : {}),
    users: saved.users?.map((user) => (user.name === login.user.name ? { name: user.name } : user)),
  }));
  if (leaves) await file.rememberContext(name);
  const text = (): void => context.io.out.write(`Logged out from '${name}'\n`);
  const current = leaves ? LOCAL : config['current-context'];
  await writeResult({ context: name, result: 'logged out', current }, { output, text }, context);
  if (leaves && output === undefined) tellLocal(context);
}

const tellLocal = (context: Context): void =>
  context.say(`the current context is now '${LOCAL}', the system of this machine: hawser context NAME switches`);

async function agreed(name: string, enabled: boolean | undefined, context: Context): Promise<boolean> {
  const asks = context.globals().promptsEnabled ?? enabled ?? false;
  if (!asks || !context.prompt.possible) return true;
  const question = { message: `Log out from '${name}'?`, line: LINE_QUESTIONS.logout(name), preset: true };
  const answer = await context.prompt.confirm(question);
  if (!answer) context.policy.wording.note(`Logout from '${name}' cancelled`, context);
  return answer;
}
