import type { Command } from 'commander';
import { createRoleToken, listProjects } from '../../../../api/projects.ts';
import { HawserError } from '../../../../core/errors.ts';
import { numberAt, textAt } from '../../../../core/json.ts';
import { omitUndefined } from '../../../../core/omit-undefined.ts';
import { zonedTime } from '../../../../render/times.ts';
import { hideSecret } from '../../../ci/hide-secret.ts';
import { readClaims } from '../../../config/claims.ts';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { readLifetime } from '../../../input/lifetime.ts';
import { RESULT_FLAG, writeResult } from '../../../output/result.ts';
import { readProject } from '../shared/read-project.ts';

const CREATE_FLAGS = [
  {
    name: 'expires-in',
    short: 'e',
    type: 'string',
    value: 'duration',
    summary: 'lifetime of the token, like 12h or 7d; without it the token never expires',
  },
  { name: 'id', short: 'i', type: 'string', value: 'id', summary: 'ID of the token' },
  { name: 'token-only', short: 't', type: 'bool', summary: 'print the token alone' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

type CreateOptions = OptionsOf<typeof CREATE_FLAGS>;

export function createRoleTokenCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'create-token',
      description: 'Creates a token of a role of a project and prints it. The token is not shown again.',
      arguments: ['[project]', '[role-name]'],
      flags: CREATE_FLAGS,
      examples: [
        { about: 'Answer questions', line: 'hawser proj role create-token' },
        { about: 'Create a token for a month', line: 'hawser proj role create-token shop ci --expires-in 30d' },
        { about: 'Keep it in a variable', line: 'TOKEN=$(hawser proj role create-token shop ci -e 12h -t)' },
      ],
    },
    (options, project, role) => runCreate(options, { project, role }, context),
  );
}

interface RoleName {
  readonly project: string;
  readonly role: string;
}

async function runCreate(options: CreateOptions, typed: Partial<RoleName>, context: Context): Promise<void> {
  const { id, output, tokenOnly } = options;
  const { project, role, expiresIn: lifetime } = await complete(options, typed, context);
  const expiresIn = lifetime === undefined ? 0 : readLifetime(lifetime, context);
  const { client } = await context.connect();
  const { token } = await client.call(createRoleToken, { project, role, expiresIn, ...omitUndefined({ id }) });
  await hideSecret(token, context);
  const claims = readClaims(token);
  const [jti, iat = 0, exp] = [textAt(claims, 'jti'), numberAt(claims, 'iat'), numberAt(claims, 'exp')];
  const time = (seconds: number): string => zonedTime(seconds * 1000);
  const expires = exp ? time(exp) : 'Never';
  const text = (): void => {
    const reference = `Create token succeeded for proj:${project}:${role}.\n  ID: ${jti}\n  Issued At: ${time(iat)}\n  Expires At: ${expires}\n  Token: ${token}\n`;
    context.policy.wording.tellChange({ own: token, reference: tokenOnly ? `${token}\n` : reference }, context);
    const until = exp ? `until ${expires}` : 'for ever: --expires-in limits it';
    if (!tokenOnly) context.policy.wording.advise(`token '${jti}' of role '${role}' is valid ${until}`, context);
  };
  const document = { project, role, id: jti, issuedAt: time(iat), expiresAt: exp ? expires : undefined, token };
  await writeResult(document, { output, text }, context);
}

interface Complete extends RoleName {
  readonly expiresIn: string | undefined;
}

/** Asks a person for what was not typed. */
async function complete(
  { expiresIn }: CreateOptions,
  { project, role }: Partial<RoleName>,
  context: Context,
): Promise<Complete> {
  if (project !== undefined && role !== undefined) return { project, role, expiresIn };
  if (!context.prompt.interactive) throw incomplete();
  const { client } = await context.connect();
  const { prompt } = context;
  const { items } = project === undefined ? await client.call(listProjects, {}) : { items: [] };
  const projects = (items ?? []).filter(({ spec }) => spec.roles?.length).map(({ metadata }) => metadata.name);
  if (project === undefined && projects.length === 0) throw noRoles();
  const name = project ?? (await prompt.search({ message: 'Project', choices: asChoices(projects) }));
  const { spec } = await readProject(name, context);
  if (!spec.roles?.length) throw noRoles(name);
  const roles = spec.roles.map((each) => each.name);
  const ofRole = role ?? (await prompt.search({ message: 'Role', choices: asChoices(roles) }));
  const check = (text: string): string | true =>
    isLifetime(text, context) ? true : 'a time like 12h, 30d; 0 never expires';
  const lifetime = expiresIn ?? (await prompt.text({ message: 'Lifetime (0 never expires)', preset: '30d', check }));
  return { project: name, role: ofRole, expiresIn: lifetime };
}

const asChoices = (names: readonly string[]) => names.map((name) => ({ name, value: name }));

function isLifetime(text: string, context: Context): boolean {
  try {
    return readLifetime(text, context) >= 0;
  } catch {
    return false;
  }
}

const incomplete = (): HawserError =>
  new HawserError('usage', 'hawser proj role create-token needs PROJECT and ROLE-NAME', {
    hint: 'hawser proj role create-token PROJECT ROLE-NAME --expires-in 30d',
    reason: { kind: 'incomplete-command' },
  });

const noRoles = (project = 'NAME'): HawserError =>
  new HawserError('not-found', project === 'NAME' ? 'no project has a role' : `project '${project}' has no role`, {
    hint: `hawser proj role create ${project} ROLE-NAME`,
  });
