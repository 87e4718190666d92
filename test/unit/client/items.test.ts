import { describe, expect, test } from 'vitest';
import { itemsOf, itemsOfValue } from '../../../src/client/items.ts';

const LIST = {
  metadata: { resourceVersion: '7', items: ['not these'] },
  items: [
    { name: 'a', text: 'quote " brace } bracket ] slash \\', nested: { items: [{ deep: [1, 2] }] } },
    { name: 'ü€😀', empty: {}, list: [] },
    { status: { history: [{ id: 1, text: '}]"' }], sync: { history: 'kept' } }, history: 'kept' },
  ],
  tail: { items: [{ name: 'nor this' }] },
};

async function* cut(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(text: string, size: number): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const item of itemsOf(cut(text, size))) found.push(item.value);
  return found;
}

describe('the items of a list', () => {
  test.each([1, 2, 3, 5, 7, 64, 10_000])('are the same whatever the pieces, here of %i bytes', async (size) => {
    expect(await collect(JSON.stringify(LIST), size)).toEqual(LIST.items);
    expect(await collect(JSON.stringify(LIST, undefined, 2), size)).toEqual(LIST.items);
  });

  test.each(['{"items":null}', '{}', '{"items":[]}'])('of %s are none', async (text) => {
    expect(await collect(text, 3)).toEqual([]);
  });

  test.each(['{"items":[{"a":1}', '{"items":[{"a":"x', '{"ite'])('that end early are an error: %s', async (text) => {
    await expect(collect(text, 4)).rejects.toThrow(SyntaxError);
  });

  test.each([
    '5',
    '"x"',
    'null',
    '[]',
    '[{"items":[]}]',
    '["items",[{}]]',
    '{"items":{}}',
    '{"items":5}',
    '{"message":"hello"}',
  ])('are refused in what is no list: %s', async (text) => {
    for (const size of [1, 100]) {
      await expect(collect(text, size)).rejects.toMatchObject({
        code: 'bad-answer',
        message: 'the answer is JSON, but no list',
      });
    }
    expect(() => itemsOfValue(JSON.parse(text))).toThrow('the answer is JSON, but no list');
  });

  test('leave out what nobody looks at', async () => {
    const found: unknown[] = [];
    for await (const item of itemsOf(cut(JSON.stringify(LIST, undefined, 1), 9), [['status', 'history'], ['nested']]))
      found.push(item.value);
    expect(found[0]).toEqual({ ...LIST.items[0], nested: null });
    expect(found[2]).toEqual({ status: { history: null, sync: { history: 'kept' } }, history: 'kept' });
  });

  test('are read whole where the reader wants to see more', async () => {
    const wholes: unknown[] = [];
    for await (const item of itemsOf(cut(JSON.stringify(LIST), 9), [['status'], ['nested']])) wholes.push(item.whole());
    expect(wholes).toEqual(LIST.items);
  });

  test('that are broken are an error', async () => {
    await expect(collect('{"items":[{"a" 1}]}', 4)).rejects.toThrow(SyntaxError);
  });
});
