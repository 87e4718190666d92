import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HawserError, messageOf } from '../../../core/errors.ts';
import { differenceTitle, type ObjectDifference, sidesOf } from '../../../render/differences.ts';
import type { Context } from '../../context.ts';

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
    for (const difference of differences) {
      const [live, target] = sidesOf(difference);
      const files = [join(folder, `${difference.name}-live.yaml`), join(folder, difference.name)];
      await writeFile(files[0] ?? '', live, { mode: 0o600 });
      await writeFile(files[1] ?? '', target, { mode: 0o600 });
      text += `\n${differenceTitle(difference)}\n${await output(command, [...options, ...files], context)}`;
    }
    return text;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
    child.on('close', () => resolve(text));
  });
}
