import { differenceTitle, sidesOf } from '../../../../render/differences.ts';
import type { ObjectDifference } from '../../../../render/object-difference.ts';
import type { Context } from '../../../context.ts';
import { withTemporaryFolder } from '../../../input/temporary-folder.ts';
import { outputOf } from '../../../io/programs.ts';
import { trusted } from '../../../io/visible.ts';

/** The differences as another program shows them, which gets two files for each: live, then target. */
export function externalDiff(
  differences: readonly ObjectDifference[],
  program: string,
  context: Context,
): Promise<string> {
  const [command = 'diff', ...options] = shellWords(program);
  const hint = 'set KUBECTL_EXTERNAL_DIFF to a program that is there, or unset it';
  return withTemporaryFolder('argocd-diff', async (folder) => {
    let text = '';
    for (const [index, difference] of differences.entries()) {
      const [live, target] = sidesOf(difference);
      const name = fileNameOf(difference.name);
      // A folder of its own for each: objects of different kinds may have one name.
      const files = [
        await folder.write(`${index}/${name}-live.yaml`, live),
        await folder.write(`${index}/${name}`, target),
      ];
      const output = await outputOf({ name: command, words: [...options, ...files], hint }, context);
      text += `\n${differenceTitle(difference)}\n${trusted(output)}`;
    }
    return text;
  });
}

/** A name from Git must not choose a path: what is no name of a file becomes one. */
function fileNameOf(name: string): string {
  const plain = name.replace(/[^\w.-]/g, '_').replace(/^\.+/, '_');
  return plain.slice(0, 200) || 'object';
}

/** 'diff -u --label "in the cluster"' as a shell would split it. */
function shellWords(line: string): string[] {
  const words = line.match(/(?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'\\])+/g) ?? [];
  return words.map((word) =>
    word.replace(/\\(.)|"((?:\\.|[^"\\])*)"|'([^']*)'/g, (_, escaped?: string, double?: string, single?: string) =>
      double === undefined ? (escaped ?? single ?? '') : double.replace(/\\(["\\$`])/g, '$1'),
    ),
  );
}
