import type { Command } from 'commander';
import { type IntegrityPolicy, SIGNATURE_MODES } from '../../../../model/project.ts';
import { LINE_QUESTIONS } from '../../../compat/questions.ts';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { RESULT_FLAG } from '../../../output/result.ts';
import { readId } from '../shared/refusals.ts';
import { changePolicies } from './change.ts';
import { checkMode, policiesIn, policyAt } from './shared.ts';
import { warnOf } from './warn.ts';

const UPDATE_FLAGS = [
  { name: 'repo-url', type: 'strings', value: 'urls', summary: 'repositories, in place of those before' },
  { name: 'add-repo-url', type: 'strings', value: 'urls', summary: 'more repositories' },
  { name: 'delete-repo-url', type: 'strings', value: 'urls', summary: 'repositories to take away' },
  {
    name: 'gpg-mode',
    type: 'string',
    value: 'mode',
    suggestions: SIGNATURE_MODES,
    summary: 'which commits must be signed: strict, head or none',
  },
  { name: 'gpg-key', type: 'strings', value: 'ids', summary: 'keys, in place of those before' },
  { name: 'add-gpg-key', type: 'strings', value: 'ids', summary: 'more keys' },
  { name: 'delete-gpg-key', type: 'strings', value: 'ids', summary: 'keys to take away' },
  { name: 'yes', short: 'y', type: 'bool', summary: 'skip confirmation' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

type UpdateOptions = OptionsOf<typeof UPDATE_FLAGS> & { readonly project: string; readonly id: string };

export function updatePolicyCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'update',
      description: 'Changes which commits must be signed, or by whom.',
      arguments: ['<project>', '<policy_id>'],
      flags: UPDATE_FLAGS,
      examples: [
        {
          about: 'Accept one more key',
          line: 'hawser proj source-integrity git policies update shop 0 --add-gpg-key D56C4FCA57A46444 --yes',
        },
        { about: 'Show the policies and their IDs', line: 'hawser proj source-integrity git policies list shop' },
      ],
    },
    (options, project, id) => runUpdate({ ...options, project, id }, context),
  );
}

async function runUpdate(options: UpdateOptions, context: Context): Promise<void> {
  const { project, id, output, yes, gpgMode } = options;
  if (gpgMode !== undefined) checkMode(gpgMode);
  const place = readId(id, 'policy');
  const question = {
    message: `Update policy ${place} of project '${project}'?`,
    line: LINE_QUESTIONS.updateIntegrityPolicy(place, project),
  };
  const edit = async (read: Parameters<typeof policyAt>[1]): Promise<readonly IntegrityPolicy[]> => {
    const at = policyAt(id, read);
    const policies = policiesIn(read.spec).map((policy, index) => (index === at ? changed(policy, options) : policy));
    const policy = policies[at];
    if (policy) await warnOf(policy, context);
    return policies;
  };
  await changePolicies({ project, output, edit, shows: 'before', ...(yes ? {} : { question }) }, context);
}

function changed({ repos = [], gpg }: IntegrityPolicy, options: UpdateOptions): IntegrityPolicy {
  const { repoUrl, addRepoUrl, deleteRepoUrl, gpgMode = gpg.mode, gpgKey, addGpgKey, deleteGpgKey } = options;
  const urls = repos.map(({ url }) => url);
  return {
    repos: listOf(urls, { all: repoUrl, more: addRepoUrl, less: deleteRepoUrl }).map((url) => ({ url })),
    gpg: { mode: gpgMode, keys: listOf(gpg.keys ?? [], { all: gpgKey, more: addGpgKey, less: deleteGpgKey }) },
  };
}

interface ListChange {
  readonly all: readonly string[] | undefined;
  readonly more: readonly string[] | undefined;
  readonly less: readonly string[] | undefined;
}

function listOf(before: readonly string[], { all = before, more = [], less = [] }: ListChange): string[] {
  return [...new Set([...all, ...more])].filter((item) => !less.includes(item));
}
