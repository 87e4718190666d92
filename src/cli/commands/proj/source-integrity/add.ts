import type { Command } from 'commander';
import { SIGNATURE_MODES } from '../../../../model/project.ts';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { RESULT_FLAG } from '../../../output/result.ts';
import { changePolicies } from './change.ts';
import { checkMode, policiesIn } from './shared.ts';
import { warnOf } from './warn.ts';

const ADD_FLAGS = [
  { name: 'repo-url', type: 'strings', value: 'urls', summary: 'repositories it is for, by globs; !PATTERN excepts' },
  {
    name: 'gpg-mode',
    type: 'string',
    value: 'mode',
    suggestions: SIGNATURE_MODES,
    summary: 'which commits must be signed: strict (all), head (the one deployed), none',
  },
  { name: 'gpg-key', type: 'strings', value: 'ids', summary: 'who may have signed: IDs of GnuPG keys' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

type AddOptions = OptionsOf<typeof ADD_FLAGS> & { readonly project: string };

export function addPolicyForCommitsCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'add',
      description: 'Requires commits of some repositories to be signed.',
      arguments: ['<project>'],
      flags: ADD_FLAGS,
      examples: [
        {
          about: 'Deploy only commits that are signed',
          line: "hawser proj source-integrity git policies add shop --repo-url 'https://git.example.com/*' --gpg-mode head --gpg-key 4AEE18F83AFDEB23",
        },
        { about: 'Show the policies', line: 'hawser proj source-integrity git policies list shop' },
      ],
    },
    (options, project) => runAdd({ ...options, project }, context),
  );
}

async function runAdd(options: AddOptions, context: Context): Promise<void> {
  const { project, output, repoUrl = [], gpgMode = '', gpgKey = [] } = options;
  checkMode(gpgMode);
  const policy = { repos: repoUrl.map((url) => ({ url })), gpg: { mode: gpgMode, keys: gpgKey } };
  await warnOf(policy, context);
  await changePolicies({ project, output, edit: ({ spec }) => [...policiesIn(spec), policy], shows: 'after' }, context);
}
