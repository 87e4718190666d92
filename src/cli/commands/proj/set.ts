import type { Command } from 'commander';
import { HawserError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { isAnyTyped, PROJECT_FLAGS, withProjectFlags } from '../../input/project-flags.ts';
import { RESULT_FLAG } from '../../output/result.ts';
import { changeProject } from './shared/change-project.ts';

export function setProjectCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'set',
      description: 'Changes a project. A list that is given takes the place of the one before.',
      arguments: ['<project>'],
      flags: [...PROJECT_FLAGS, RESULT_FLAG],
      examples: [
        { about: 'Describe a project', line: "hawser proj set shop --description 'The web shop'" },
        {
          about: 'Allow two repositories, and no others',
          line: 'hawser proj set shop -s https://git.example.com/shop/deploy.git -s https://charts.example.com',
        },
        { about: 'Look for orphaned resources', line: 'hawser proj set shop --orphaned-resources-warn' },
      ],
    },
    (options, project) => {
      if (!isAnyTyped(options)) throw nothingToSet(project);
      const edit = ({ spec }: { readonly spec: Parameters<typeof withProjectFlags>[0] }) => ({
        spec: withProjectFlags(spec, options, context.policy),
        says: 'set',
      });
      return changeProject({ project, output: options.output, edit }, context);
    },
  );
}

const nothingToSet = (project: string): HawserError =>
  new HawserError('usage', `nothing to set in project '${project}'`, {
    hint: `give a flag: hawser proj set ${project} --description TEXT`,
    reason: { kind: 'nothing-to-set' },
  });
