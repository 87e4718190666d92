import { describe, expect, test } from 'vitest';
import { chalkStyle } from '../../../src/cli/io/chalk-style.ts';
import { trusted, visible, written } from '../../../src/cli/io/visible.ts';

describe('foreign text is shown, not obeyed', () => {
  test.each([
    ['a title', '\u001b]0;X\u0007', '^[]0;X^G'],
    ['a colour', '\u001b[31mred', '^[[31mred'],
    ['the clipboard', '\u001b]52;c;eA==\u0007', '^[]52;c;eA==^G'],
    ['a sequence of one byte', '\u009b2J', '\\x9b2J'],
    ['a line written over', 'good\rbad', 'good^Mbad'],
    ['a character taken back', 'a\bb\u007f', 'a^Hb^?'],
    ['text turned around', 'a\u202eb\u2066', 'a\\u202eb\\u2066'],
    ['a line end of another kind', 'a\u2028b\u0085', 'a\\u2028b\\x85'],
  ])('%s', (_what, text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  test.each(['plain', 'two\nlines\tand a tab\r\n', 'äöü 日本 👩‍👩‍👧 עברית'])('%j stays', (text) => {
    expect(visible(text)).toBe(text);
  });
});

describe('our own colours', () => {
  const style = chalkStyle(1);

  test('are obeyed, those within the text are not', () => {
    expect(written(style.good('a\u001b[31mb'))).toBe('\u001b[32ma^[[31mb\u001b[39m');
  });

  test('go on behind another one', () => {
    expect(written(style.good(`a${style.bad('b')}c`))).toBe('\u001b[32ma\u001b[31mb\u001b[39m\u001b[32mc\u001b[39m');
  });

  test('end with each line', () => {
    expect(written(style.bad('a\n\nb'))).toBe('\u001b[31ma\u001b[39m\n\n\u001b[31mb\u001b[39m');
  });

  test('of a program that the user chose count as ours', () => {
    expect(written(trusted('\u001b[1;32m+x\u001b[0m'))).toBe('\u001b[1;32m+x\u001b[0m');
  });
});
