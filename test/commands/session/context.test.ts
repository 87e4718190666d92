import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hawser } from '../../support/hawser.ts';

const SAVED = `contexts:
- name: prod
  server: cd.example.com
  user: prod
current-context: prod
servers:
- server: cd.example.com
users:
- name: prod
`;

function saved(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'hawser-context-')), 'config');
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

describe("the context 'local'", () => {
  test('is listed beside those that are saved, and can be switched to and back', async () => {
    const path = saved(SAVED);
    const list = async (): Promise<string> => (await hawser(`context --config ${path}`)).out;
    expect(await list()).toMatch(/^\* +prod +cd\.example\.com\n +local +the local system$/m);
    expect(await hawser(`context local --config ${path}`)).toMatchObject({
      code: 0,
      out: "Switched to context 'local'\n",
    });
    expect(await list()).toMatch(/^\* +local /m);
    expect(readFileSync(path, 'utf8')).toContain('name: prod');
    expect(await hawser(`context - --config ${path}`)).toMatchObject({ out: "Switched to context 'prod'\n" });
  });

  test('is the current one where nothing is saved', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'hawser-context-')), 'config');
    expect(await hawser(`context --config ${path}`)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\* +local /m),
    });
    expect(await hawser(`context local --config ${path}`)).toMatchObject({ out: "Already at context 'local'\n" });
  });

  test('is unknown in drop-in mode', async () => {
    const shown = await hawser(`context local --config ${saved(SAVED)}`, { env: { HAWSER_COMPAT: 'argocd' } });
    expect(shown).toMatchObject({ code: 1, err: expect.stringContaining("Context 'local' undefined") });
  });
});
