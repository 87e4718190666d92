import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HawserError, messageOf } from '../../../../core/errors.ts';
import { differenceTitle, type ObjectDifference, sidesOf } from '../../../../render/differences.ts';
import type { Context } from '../../../context.ts';
import { trusted } from '../../../io/visible.ts';

/** The differences as another program shows them, which gets two files for each: live, then target. */
export async function externalDiff(
  differences: readonly ObjectDifference[],
  program: string,
  context: Context,
): Promise<string> {
  const [command = 'diff', ...options] = shellWords(program);
  const folder = await mkdtemp(join(tmpdir(), 'argocd-diff'));
  try {
    let text = '';
    for (const [index, difference] of differences.entries()) {
      const [live, target] = sidesOf(difference);
      const name = fileNameOf(difference.name);
      // A folder of its own for each: objects of different kinds may have one name.
      const place = join(folder, String(index));
      await mkdir(place);
      const files = [join(place, `${name}-live.yaml`), join(place, name)];
      await writeFile(files[0] ?? '', live, { mode: 0o600 });
      await writeFile(files[1] ?? '', target, { mode: 0o600 });
      text += `\n${differenceTitle(difference)}\n${await output(command, [...options, ...files], context)}`;
    }
    return text;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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

function output(command: string, words: readonly string[], context: Context): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'], signal: context.signal });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
    child.on('error', (thrown) => {
      const hint = 'set KUBECTL_EXTERNAL_DIFF to a program that is there, or unset it';
      reject(new HawserError('missing-tool', `cannot start ${command}: ${messageOf(thrown)}`, { hint }));
    });
    child.on('close', () => resolve(trusted(text)));
  });
}
