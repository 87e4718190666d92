import { describe, expect, test } from 'vitest';
import { signatureRule } from '../../../../src/engine/project/integrity.ts';
import type { Project, ProjectSpec } from '../../../../src/model/project.ts';

const project = (spec: ProjectSpec): Project => ({ metadata: { name: 'shop' }, spec });
const policy = (mode: string, ...urls: readonly string[]) => ({
  repos: urls.map((url) => ({ url })),
  gpg: { mode, keys: ['4AEE18F83AFDEB23'] },
});
const policies = (...list: readonly ReturnType<typeof policy>[]): Project =>
  project({ sourceIntegrity: { git: { policies: [...list] } } });
const rule = (of: Project, repoURL = 'https://git.example.com/org/app.git', chart?: string) =>
  signatureRule(of, { repoURL, ...(chart ? { chart } : {}) })?.mode;

describe('which commits must be signed', () => {
  test.each([
    ['none, without keys and policies', project({}), undefined],
    ['the newest, with keys alone', project({ signatureKeys: [{ keyID: 'A' }] }), 'head'],
    ['those of a policy', policies(policy('strict', 'https://git.example.com/*')), 'strict'],
    ['those of a group, however deep', policies(policy('head', 'https://git.example.com/*')), 'head'],
    ['none of another host', policies(policy('head', 'https://other.example.com/*')), undefined],
    ['none of an exception', policies(policy('head', '*', '!https://git.example.com/org/*')), undefined],
    ['all but for an exception elsewhere', policies(policy('head', '*', '!https://git.example.com/*')), 'head'],
    ['none where only exceptions are named', policies(policy('head', '!https://other.example.com/*')), undefined],
    ['none, by its mode', policies(policy('none', '*')), undefined],
    ['all, where the mode is unknown', policies(policy('most', '*')), 'strict'],
  ])('%s', (_about, of, mode) => {
    expect(rule(of)).toBe(mode);
  });

  test('policies put keys of before out of force', () => {
    const spec = { signatureKeys: [{ keyID: 'A' }], ...policies(policy('head', 'https://other.example.com/*')).spec };
    expect(rule(project(spec))).toBeUndefined();
  });

  test('a chart has no commits', () => {
    const all = policies(policy('head', '*'));
    expect(rule(all, 'https://charts.example.com', 'app')).toBeUndefined();
    expect(rule(all, 'oci://registry.example.com/app')).toBeUndefined();
  });

  test('two policies about one repository are an error', () => {
    const both = policies(policy('none', '*'), policy('head', 'https://git.example.com/*'));
    expect(() => rule(both)).toThrow(
      "several source integrity policies of project 'shop' are about 'https://git.example.com/org/app.git'",
    );
  });
});
