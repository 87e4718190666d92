// What was typed wrong is 2 in our own mode; in drop-in mode it ends as the reference ends.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isSelector } from '../../src/core/selector-text.ts';
import { createFakeApi } from '../support/fake-api.ts';
import { hawser } from '../support/hawser.ts';

const folder = mkdtempSync(join(tmpdir(), 'hawser-usage-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const BAD_YAML = file('bad.yaml', 'a: [1\nb: }');
const BAD_JSON = file('bad.json', '{"a":');
const EMPTY = file('empty.yaml', '');

describe('a document that cannot be read', () => {
  test.each([
    `app create -f ${BAD_YAML}`,
    `app create -f ${BAD_JSON}`,
    `app create -f ${EMPTY}`,
    `app apply -f ${BAD_YAML}`,
    `app apply -f ${BAD_JSON}`,
  ])('%s', async (line) => {
    expect(await hawser(line, { api: createFakeApi() })).toMatchObject({ code: 2, out: '' });
  });

  test('is any other failure in drop-in mode', async () => {
    const { code } = await hawser(`app create -f ${BAD_YAML}`, {
      api: createFakeApi(),
      env: { HAWSER_COMPAT: 'argocd' },
    });
    expect(code).toBe(20);
  });
});

describe('a patch', () => {
  test.each([
    ['{', '', '--patch is not JSON'],
    ['{}', '', '--patch is not a list of JSON patch operations'],
    ['[]', '--type merge', '--patch is not a JSON object'],
    ['"x"', '--type merge', '--patch is not a JSON object'],
    ['null', '', '--patch is not a list'],
  ])("'%s' %s", async (patch, more, says) => {
    const words = ['app', 'patch', 'web', '--patch', patch, ...more.split(' ').filter((word) => word !== '')];
    const { code, out, err } = await hawser(words, { api: createFakeApi() });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(says);
  });
});

describe('a label selector', () => {
  test.each([
    '',
    'a',
    '!a',
    'a=b',
    'a==b',
    'a!=b',
    'a=',
    'a=b,c=d',
    'a in (b, c)',
    'a notin (b),!c',
    'x.io/a>1',
    'a = b',
    'a in (b,c),d',
  ])("'%s' is one", (text) => expect(isSelector(text)).toBe(true));

  test.each(['a=b=c', 'a in (b', 'a in b', 'a b', '=b', 'a=b,,c', '(a)', 'a)'])("'%s' is none", (text) =>
    expect(isSelector(text)).toBe(false),
  );

  test.each(['app list', 'app sync', 'app wait', 'app delete', 'app pause'])(
    'that is none is refused by %s',
    async (line) => {
      const { code, err } = await hawser([...line.split(' '), '-l', 'a=b=c'], { api: createFakeApi() });
      expect(code).toBe(2);
      expect(err).toContain("invalid value 'a=b=c' for --selector");
    },
  );
});
