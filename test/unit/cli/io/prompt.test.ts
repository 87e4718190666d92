// Questions in lines, and two of them at once.

import { beforeAll, describe, expect, test } from 'vitest';
import type { Io } from '../../../../src/cli/io/io.ts';
import { createPrompt, type Prompt } from '../../../../src/cli/io/prompt.ts';
import { HawserError } from '../../../../src/core/errors.ts';

interface Asked {
  readonly prompt: Prompt;
  readonly stop: AbortController;
  text(): string;
  type(line: string | undefined): void;
}

function someone(): Asked {
  let text = '';
  const waiting: ((line: string | undefined) => void)[] = [];
  const output = {
    write: (more: string) => {
      text += more;
    },
    terminal: true,
    columns: () => 80,
    rows: () => 24,
  };
  const line = (): Promise<string | undefined> => new Promise((resolve) => waiting.push(resolve));
  const io: Io = { out: output, err: output, input: { terminal: true, read: () => Promise.resolve(''), line } };
  const stop = new AbortController();
  const prompt = createPrompt(io, { HAWSER_SCREEN_READER: '1' }, stop.signal);
  return { prompt, stop, text: () => text, type: (answer) => waiting.shift()?.(answer) };
}

/** What a question needs is loaded once, before the first. */
beforeAll(async () => {
  await import('../../../../src/cli/io/line-questions.ts');
  await import('../../../../src/core/yaml.ts');
});

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));
const CHOICES = ['one', 'two', 'three'].map((name) => ({ name, value: name.slice(0, 1) + name.length }));

describe('two questions at once', () => {
  test('are asked one after the other', async () => {
    const { prompt, text, type } = someone();
    const answers = Promise.all([
      prompt.confirm({ message: 'First?', preset: true }),
      prompt.text({ message: 'Second' }),
    ]);
    await settled();
    expect(text()).toBe('First? (Y/n): ');
    type('n');
    await settled();
    expect(text()).toBe('First? (Y/n): Second: ');
    type('yes');
    expect(await answers).toEqual([false, 'yes']);
  });

  test.each([
    ['interrupted', (asked: Asked) => asked.stop.abort(new HawserError('interrupted', 'interrupted'))],
    ['terminated', (asked: Asked) => asked.stop.abort(new HawserError('terminated', 'terminated'))],
    ['interrupted', (asked: Asked) => asked.type(undefined)],
  ] as const)('both end when the first is %s', async (code, leave) => {
    const asked = someone();
    const answers = Promise.allSettled([
      asked.prompt.text({ message: 'First' }),
      asked.prompt.text({ message: 'Second' }),
    ]);
    await settled();
    leave(asked);
    expect(await answers).toMatchObject([
      { status: 'rejected', reason: { code } },
      { status: 'rejected', reason: { code } },
    ]);
    expect(asked.text()).toBe('First: ');
  });
});

describe('a question in lines', () => {
  test('numbers its choices, and takes a number, a name or Enter', async () => {
    for (const [typed, value] of [
      ['2', 't3'],
      ['three', 't5'],
      ['', 'o3'],
    ] as const) {
      const { prompt, text, type } = someone();
      const answer = prompt.choose({ message: 'Which?', choices: CHOICES });
      await settled();
      type('9');
      await settled();
      type(typed);
      expect(await answer).toBe(value);
      expect(text()).toContain('1. one\n2. two\n3. three\nNumber (1): type a number from 1 to 3\n');
    }
  });

  test('narrows many choices before it reads them out', async () => {
    const choices = Array.from({ length: 50 }, (_, index) => ({ name: `app-${index}`, value: String(index) }));
    const { prompt, text, type } = someone();
    const answer = prompt.search({ message: 'Which?', choices });
    for (const line of ['nothing like it', '-3', '2']) {
      await settled();
      type(line);
    }
    expect(await answer).toBe('30');
    expect(text()).toContain("none has 'nothing like it' in it");
    expect(text()).not.toContain('app-49');
  });

  test('asks again until the answer is one', async () => {
    const { prompt, text, type } = someone();
    const check = (value: string): string | true => value === 'right' || 'that is wrong';
    const answer = prompt.text({ message: 'Name', preset: 'left', check });
    for (const line of ['', 'right']) {
      await settled();
      type(line);
    }
    expect(await answer).toBe('right');
    expect(text()).toBe('Name (left): that is wrong\nName (left): ');
  });
});

describe('ticking in lines', () => {
  test.each([
    ['1, 3', ['o3', 't5']],
    ['2', ['t3']],
    ['ALL', ['o3', 't3', 't5']],
  ])('%s', async (answer, values) => {
    const { prompt, type } = someone();
    const picked = prompt.tick({ message: 'Which?', choices: CHOICES });
    await settled();
    type(answer);
    expect(await picked).toEqual(values);
  });

  test('asks again for what is no number of the list, and for nothing', async () => {
    const { prompt, text, type } = someone();
    const picked = prompt.tick({ message: 'Which?', choices: CHOICES });
    for (const answer of ['1,4', '', 'one', '3']) {
      await settled();
      type(answer);
    }
    expect(await picked).toEqual(['t5']);
    expect(text().match(/type numbers from 1 to 3, like 1,3/g)).toHaveLength(3);
  });
});
