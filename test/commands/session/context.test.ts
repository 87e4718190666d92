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

describe('a context that was left', () => {
  const env = { HAWSER_CONTEXT: '' };

  test('is not there before one was switched to', async () => {
    expect(await hawser(`context - --config ${saved(SAVED)}`, { env })).toEqual({
      code: 4,
      out: '',
      err: 'error: there is no previous context: none was switched to yet\nhint: hawser context NAME\n',
    });
  });

  test('by logout is not the current one any more, and can be returned to', async () => {
    const path = saved(SAVED);
    const shown = await hawser(`logout prod --config ${path}`, { env });
    expect(shown).toMatchObject({ code: 0, out: "Logged out from 'prod'\n" });
    expect(shown.err).toContain("the current context is now 'local'");
    expect((await hawser(`context --config ${path}`, { env })).out).toMatch(/^\* +local /m);
    expect((await hawser(`relogin --config ${path}`, { env })).err).toContain(
      'hint: hawser context prod, then hawser relogin\n',
    );
    expect(await hawser(`context - --config ${path}`, { env })).toMatchObject({ out: "Switched to context 'prod'\n" });
  });

  test('by logout stays current where it was another one, and in drop-in mode', async () => {
    const two = SAVED.replace('current-context: prod', 'current-context: other').replace(
      'contexts:\n',
      'contexts:\n- name: other\n  server: cd.example.com\n  user: prod\n',
    );
    const path = saved(two);
    expect((await hawser(`logout prod --config ${path}`, { env })).err).not.toContain('current context');
    expect(readFileSync(path, 'utf8')).toContain('current-context: other');
    const same = saved(SAVED);
    await hawser(`logout prod --config ${same}`, { env: { ...env, HAWSER_COMPAT: 'argocd' } });
    expect(readFileSync(same, 'utf8')).toContain('current-context: prod');
  });
});
