// The scripts of `hawser completion`, run by the shells that they are for.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROGRAM } from '../support/workplace.ts';

/** What a shell prints that finds the program on PATH. */
function typed(shell: string, words: readonly string[], script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-completion-'));
  symlinkSync(PROGRAM, join(folder, 'hawser'));
  const env = { PATH: `${folder}:${process.env['PATH']}`, HOME: folder };
  return execFileSync(shell, [...words, '-c', script], { env, encoding: 'utf8' });
}

test('bash', () => {
  const script = `source <(hawser completion bash)
    offer() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _hawser_complete; echo "\${COMPREPLY[*]}"; }
    complete -p hawser; offer hawser app sy; offer hawser app get -o tre
    offer hawser app list --health De; offer hawser app list --health = De; offer hawser help ex; offer hawser get -o tre`;
  expect(typed('bash', [], script)).toBe(
    'complete -F _hawser_complete hawser\nsync\ntree tree=detailed\nDegraded\nDegraded\nexit-codes\ntree tree=detailed\n',
  );
});

test('zsh', () => {
  const script = `autoload -Uz compinit; compinit -D; source <(hawser completion zsh); echo $_comps[hawser]
    _describe() { print -l -- "\${candidates[@]}" }
    words=(hawser app sy); CURRENT=3; _hawser
    words=(hawser app list --health=De); CURRENT=4; _hawser`;
  expect(typed('zsh', ['-f'], script)).toBe(
    '_hawser\nsync:Sync an application to its target state\n--health=Degraded:--health=Degraded\n',
  );
});

test('fish', () => {
  const script =
    'hawser completion fish | source; complete -C "hawser app sy"; complete -C "hawser app list --health De"';
  expect(typed('fish', ['--no-config'], script)).toBe('sync\tSync an application to its target state\nDegraded\n');
});
