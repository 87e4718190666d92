import { describe, expect, test } from 'vitest';
import { ARGOCD_PROMPTS, HAWSER_PROMPTS } from '../../../../src/cli/compat/prompts.ts';
import type { Io } from '../../../../src/cli/io/io.ts';
import type { Prompt } from '../../../../src/cli/io/prompt.ts';

/** Someone who gives these answers, one after the other. */
function asker(answers: readonly ('yes' | 'no' | 'all')[], { terminal = true, possible = true } = {}) {
  const questions: string[] = [];
  const next = (message: string): 'yes' | 'no' | 'all' => {
    questions.push(message);
    return answers[questions.length - 1] ?? 'no';
  };
  const text = (): Promise<string> => Promise.reject(new Error('this was not to be asked'));
  const prompt: Prompt = {
    possible,
    interactive: possible,
    text,
    secret: text,
    search: () => Promise.reject(new Error('not asked')),
    choose: text,
    confirm: async ({ message }) => next(message) === 'yes',
    tick: () => Promise.resolve([]),
    confirmEach: async ({ message }) => next(message),
  };
  const output = { write: () => undefined, terminal, columns: () => 80, rows: () => 24 };
  const input = { terminal, read: text, line: () => Promise.resolve(undefined) };
  const io: Io = { out: output, err: output, input };
  return { questions, prompt, io };
}

const deletion = (changes: object = {}) => ({
  several: true,
  isSelection: true,
  cascade: true,
  message: () => Promise.resolve('Delete all?'),
  ...changes,
});

describe('a deletion in Hawser’s own mode', () => {
  test('is asked about once, for all', async () => {
    const someone = asker(['yes']);
    const agree = await HAWSER_PROMPTS.agreeToDelete(deletion(), someone);
    expect([await agree('a'), await agree('b')]).toEqual([true, true]);
    expect(someone.questions).toEqual(['Delete all?']);
  });

  test('of a selection with all it deployed needs --yes where nobody answers', async () => {
    const nobody = asker([], { possible: false });
    await expect(HAWSER_PROMPTS.agreeToDelete(deletion(), nobody)).rejects.toMatchObject({ code: 'needs-decision' });
    const alone = await HAWSER_PROMPTS.agreeToDelete(deletion({ isSelection: false }), nobody);
    const keeping = await HAWSER_PROMPTS.agreeToDelete(deletion({ cascade: false }), nobody);
    expect([await alone('a'), await keeping('a')]).toEqual([true, true]);
  });
});

describe('a deletion in drop-in mode', () => {
  test('is asked about one by one, until the answer is for all', async () => {
    const someone = asker(['no', 'all']);
    const agree = await ARGOCD_PROMPTS.agreeToDelete(deletion(), someone);
    expect([await agree('a'), await agree('b'), await agree('c')]).toEqual([false, true, true]);
    expect(someone.questions).toHaveLength(2);
    expect(someone.questions[0]).toMatch(/^Are you sure you want to delete 'a' and all its resources[?] \[y\/n\/a\] /);
  });

  test('of one application is a plain question', async () => {
    const someone = asker(['yes']);
    const agree = await ARGOCD_PROMPTS.agreeToDelete(deletion({ several: false, cascade: undefined }), someone);
    expect(await agree('a')).toBe(true);
    expect(someone.questions).toEqual(["Are you sure you want to delete 'a' and all its resources? [y/n] "]);
  });

  test.each([
    ['in a pipe', {}, { terminal: false }],
    ['that keeps what was deployed', { cascade: false }, {}],
  ])('%s is not asked about', async (_, changes, place) => {
    const agree = await ARGOCD_PROMPTS.agreeToDelete(deletion(changes), asker([], place));
    expect(await agree('a')).toBe(true);
  });
});
