// kubectl against `hawser local serve`: the one that is unpacked by `npm run tools`, and the system's where it is another.

import { execFile, execFileSync } from 'node:child_process';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KUBECTL_LINES, type KubectlLine } from '../support/kubectl-lines.ts';
import { shellWords } from '../support/shell-words.ts';
import { createWorkplace, type Ended, until, type Workplace } from '../support/workplace.ts';

const UNPACKED = fileURLToPath(new URL('../../.tools/kubectl', import.meta.url));
const FIXTURES = fileURLToPath(new URL('../fixtures/kubectl', import.meta.url));

function versionOf(program: string): string | undefined {
  try {
    const text = execFileSync(program, ['version', '--client', '-o', 'json'], { encoding: 'utf8', stdio: 'pipe' });
    return /"gitVersion": "(v[\d.]+)/.exec(text)?.[1];
  } catch {
    return undefined;
  }
}

const unpacked = versionOf(UNPACKED);
const installed = versionOf('kubectl');
const programs: readonly (readonly [version: string, program: string])[] = [
  [unpacked ?? 'missing', UNPACKED],
  ...(installed === undefined || installed === unpacked ? [] : [[installed, 'kubectl'] as const]),
];

test('there is a kubectl to try', () => {
  expect(unpacked).toBeDefined();
  expect(KUBECTL_LINES.length).toBeGreaterThan(200);
});

describe.each(programs)('kubectl %s', (_version, program) => {
  let place: Workplace;

  beforeAll(async () => {
    place = await createWorkplace();
    const serving = place.start('local serve --port 0');
    await until('the cluster', () => /listens on/.test(serving.out()));
    await writeFile(join(place.folder, 'kubeconfig'), (await place.hawser('local kubeconfig')).out);
    await cp(FIXTURES, place.folder, { recursive: true });
  });

  afterAll(() => place.remove());

  function type(line: string): Promise<Ended> {
    const env = {
      ...place.env,
      KUBECONFIG: join(place.folder, 'kubeconfig'),
      KUBE_EDITOR: 'sed -i s/nginx/nginx:3/',
    };
    return new Promise((resolve) => {
      const options = { cwd: place.folder, env, encoding: 'utf8', timeout: 90_000, maxBuffer: 2 ** 26 } as const;
      const child = execFile(program, shellWords(line), options, (error, out, err) => {
        resolve({ code: error ? (typeof error.code === 'number' ? error.code : null) : 0, out, err });
      });
      child.stdin?.end();
    });
  }

  const rows = KUBECTL_LINES.map((line): [string, KubectlLine] => [typeof line === 'string' ? line : line[0], line]);

  test.each(rows)('%s', { timeout: 120_000 }, async (line, row) => {
    const [, answer = /(?:)/, code = 0] = typeof row === 'string' ? [row] : row;
    const ended = await type(line);
    expect(ended).toMatchObject({ code });
    expect(code === 0 ? ended.out : ended.out + ended.err).toMatch(answer);
    expect(ended.err).not.toMatch(/panic|unable to decode|failed to download/i);
  });
});
