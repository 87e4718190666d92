// The shape of most verbs of `proj`: a project, what is to be changed in it, and a declaration of how.

import type { Command } from 'commander';
import { textAt } from '../../../../core/json.ts';
import type { Project } from '../../../../model/project.ts';
import type { Example } from '../../../../render/help-page.ts';
import type { Context } from '../../../context.ts';
import { type ArgumentName, type ArgumentsOf, defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { LONG_RESULT_FLAG, RESULT_FLAG } from '../../../output/result.ts';
import { changeProject, type Edit } from './change-project.ts';

interface EditDeclaration<Names extends readonly ArgumentName[], Flags extends readonly Flag[]> {
  readonly name: string;
  readonly description: string;
  /** What follows the project. */
  readonly arguments: Names;
  readonly argumentSummaries?: Readonly<Record<string, string>>;
  readonly flags: Flags;
  readonly examples: readonly Example[];
  /** Before the project is read. */
  readonly lead?: (context: Context) => void;
  readonly edit: (project: Project, input: EditInput<Names, Flags>) => Edit | Promise<Edit>;
}

interface EditInput<Names extends readonly ArgumentName[], Flags extends readonly Flag[]> {
  readonly args: ArgumentsOf<Names>;
  readonly options: OptionsOf<readonly [...Flags, typeof LONG_RESULT_FLAG]>;
  readonly context: Context;
}

export function projectEdit<const Names extends readonly ArgumentName[], const Flags extends readonly Flag[]>(
  declaration: EditDeclaration<Names, Flags>,
): (context: Context) => Command {
  const { name, description, examples, argumentSummaries = {}, lead, edit } = declaration;
  const flags: readonly Flag[] = declaration.flags;
  const result: typeof LONG_RESULT_FLAG = flags.some(({ short }) => short === RESULT_FLAG.short)
    ? LONG_RESULT_FLAG
    : RESULT_FLAG;
  return (context) =>
    defineCommand(
      {
        name,
        description,
        arguments: ['<project>', ...declaration.arguments],
        flags: [...declaration.flags, result],
        examples,
        argumentSummaries,
      },
      (options, project, ...args) => {
        lead?.(context);
        const input = { options, args, context };
        // Of flags that are not known here TypeScript cannot tell.
        const output = textAt(options, RESULT_FLAG.name) || undefined;
        return changeProject({ project, output, edit: (read) => edit(read, input) }, context);
      },
    );
}
