// `--jq`, and the forms of `-o` that take an expression, of every command that answers in JSON.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFakeApi, type FakeApi } from '../support/fake-api.ts';
import { hawser } from '../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

/** A line as a shell splits it. */
const words = (line: string): string[] =>
  [...line.matchAll(/(?:'[^']*'|[^' ])+/g)].map(([word]) => word.replaceAll("'", ''));

const ACCOUNTS = {
  items: [
    { name: 'admin', enabled: true, capabilities: ['login'] },
    { name: 'ci', enabled: false, capabilities: ['apiKey'] },
  ],
};

describe('an answer by an expression', () => {
  test.each<[string, string]>([
    ["--jq '.[].name'", 'admin\nci\n'],
    ["--jq '.[] | {name}'", '{"name":"admin"}\n{"name":"ci"}\n'],
    ["--jq 'map(select(.enabled)) | length' -o json", '1\n'],
    ['--jq \'.[] | select(.name == "nobody")\'', ''],
    ["-o jsonpath='{.items[*].name}'", 'admin ci'],
    ['-o jsonpath=.items[1].name', 'ci'],
    ['-o jsonpath=\'{range .items[*]}{.name}{"\\n"}{end}\'', 'admin\nci\n'],
    ["-o go-template='{{range .items}}{{.name}};{{end}}'", 'admin;ci;'],
    ['-o custom-columns=NAME:.name,ON:.enabled', 'NAME   ON\nadmin  true\nci     false\n'],
  ])('account list %s', async (flags, out) => {
    api.on('GET /api/v1/account').reply(200, ACCOUNTS);
    expect(await hawser(words(`account list ${flags}`), { api })).toEqual({ code: 0, out, err: '' });
  });

  test('of one thing', async () => {
    expect(await hawser('version --client --jq .client.Version')).toEqual({ code: 0, out: 'v1.2.3\n', err: '' });
    expect(await hawser('version --client -o custom-columns=V:.client.Version')).toMatchObject({ out: 'V\nv1.2.3\n' });
  });

  test('a failure is a sentence', async () => {
    api.on('GET /api/v1/account').reply(403, { code: 7, error: 'permission denied', message: 'permission denied' });
    const { code, out, err } = await hawser('account list --jq .', { api });
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toContain('error: permission denied');
  });

  test('control characters in a text are shown, not obeyed', async () => {
    api.on('GET /api/v1/account').reply(200, { items: [{ name: 'a\u001b[2Jb' }] });
    expect(await hawser('account list --jq .[].name', { api })).toMatchObject({ out: 'a^[[2Jb\n' });
  });
});

describe('an expression that cannot be read changes nothing, and asks nobody', () => {
  test.each<[string, string]>([
    ["app get shop --jq '.['", "--jq '.[': syntax error"],
    ["account list --jq 'nope'", 'nope/0 is not defined'],
    ["account list -o jsonpath='{.items['", 'is not closed'],
    ["account list -o go-template='{{.a'", 'a {{ is not closed'],
    ['account list -o custom-columns=NAME', "cannot read the column 'NAME'"],
    ['account list --jq . -o yaml', '--jq filters JSON'],
    ['completion bash --jq .', "unknown flag '--jq'"],
  ])('%s', async (line, message) => {
    const { code, out, err } = await hawser(words(line), { api });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).toContain('hint: ');
  });

  test('one that fails on what is there', async () => {
    api.on('GET /api/v1/account').reply(200, ACCOUNTS);
    const { code, err } = await hawser('account list --jq .name', { api });
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('Cannot index array') });
  });
});
