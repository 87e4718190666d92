import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hawser } from '../support/hawser.ts';

/** A folder of PATH with these programs. */
function programs(scripts: Readonly<Record<string, string>>, mode = 0o755): Readonly<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-plugins-'));
  for (const [name, script] of Object.entries(scripts))
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode });
  return { PATH: `${folder}:${process.env['PATH']}`, GREETING: 'hello' };
}

describe('a program on PATH adds a command', () => {
  test('with what follows it, the environment, and its exit code', async () => {
    const env = programs({ 'argocd-greet': 'echo "$GREETING $*"; echo oops >&2; exit 7' });
    expect(await hawser('greet world --loudly', { env })).toEqual({
      code: 7,
      out: 'hello world --loudly\n',
      err: 'oops\n',
    });
  });

  test('by its own name before the one for argocd, and there alone in drop-in mode', async () => {
    const env = programs({
      'argocd-greet': 'echo argocd',
      'hawser-greet': 'echo hawser',
      'hawser-other': 'echo other',
    });
    expect(await hawser('greet', { env })).toEqual({ code: 0, out: 'hawser\n', err: '' });
    const compat = { ...env, HAWSER_COMPAT: 'argocd' };
    expect(await hawser('greet', { env: compat })).toEqual({ code: 0, out: 'argocd\n', err: '' });
    expect(await hawser('other', { env: compat })).toMatchObject({ code: 1 });
  });

  test('also after global flags, which it gets as variables', async () => {
    const env = programs({ 'hawser-greet': 'echo "$*|$HAWSER_CONTEXT|$HAWSER_DATA_DIR|$HAWSER_OPTS"' });
    const { out } = await hawser('--argocd-context prod --data-dir=/d --insecure --color never greet a --b', { env });
    expect(out).toBe('a --b|prod|/d|--insecure --color=never\n');
    expect((await hawser('help greet', { env })).out).not.toContain('|');
    expect((await hawser('--help greet', { env })).out).not.toContain('|');
    expect(await hawser('--insecure greet', { env: { ...env, HAWSER_COMPAT: 'argocd' } })).toMatchObject({ code: 1 });
  });

  test('but replaces none, adds none below a group, and must be one that can be run', async () => {
    const env = programs({ 'hawser-version': 'echo mine', 'hawser-list': 'echo mine' });
    expect((await hawser('version --client', { env })).out).not.toContain('mine');
    expect((await hawser('app lists', { env })).code).toBe(2);
    expect(await hawser('greet', { env: programs({ 'hawser-greet': 'echo no' }, 0o644) })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^error: unknown command 'greet' for 'hawser'\n/),
    });
    expect((await hawser('../greet', { env })).code).toBe(2);
  });
});
