import { describe, expect, test } from 'vitest';
import { terminalTable } from '../../../src/render/grid.ts';
import { PLAIN } from '../../../src/render/style.ts';
import type { Table } from '../../../src/render/table.ts';
import { shorten, widthOf, wrap } from '../../../src/render/width.ts';

const TABLE: Table = {
  head: ['NAME', 'STATE', 'ADDRESS', 'WHY'],
  rows: [
    [
      'a-name-that-is-rather-long-but-whole',
      { text: 'Progressing', as: 'busy' },
      'https://git.example.com/team/deploy.git',
      'because it says so at length',
    ],
  ],
  spare: ['WHY', 'ADDRESS'],
};
const widest = (text: string): number => Math.max(...text.split('\n').map(widthOf));
const drawn = (columns: number, table = TABLE): string => terminalTable({ columns, unicode: true })(table, PLAIN);

describe('a table in a terminal', () => {
  test.each([160, 120, 104, 100, 90, 80, 70, 60])('fits into %d columns, name and state whole', (columns) => {
    const text = drawn(columns);
    expect(widest(text)).toBeLessThanOrEqual(columns);
    expect(text).toContain('a-name-that-is-rather-long-but-whole');
    expect(text).toContain('Progressing');
  });

  test('shortens before it leaves a column out, the spared ones first, and says which', () => {
    expect(drawn(90)).toMatch(/WHY[\s\S]*…/);
    expect(drawn(75)).not.toMatch(/^NAME.*WHY/);
    expect(drawn(75)).toMatch(/^NAME.*ADDRESS/);
    expect(drawn(60)).toMatch(/\nnot shown: WHY, ADDRESS \(a wider terminal shows it\)\n$/);
  });

  test('puts the reason under its row where there is no room beside it', () => {
    const noted: Table = { ...TABLE, spare: ['ADDRESS'], note: 'WHY', more: '-o wide' };
    expect(drawn(60, noted)).toBe(
      [
        'NAME                                  STATE',
        '────────────────────────────────────  ───────────',
        'a-name-that-is-rather-long-but-whole  Progressing',
        '  └ because it says so at length',
        'not shown: ADDRESS (-o wide)',
        '',
      ].join('\n'),
    );
  });

  test('has a line for each cell where there is no room for columns', () => {
    expect(widest(drawn(20))).toBeLessThanOrEqual(20);
  });

  test('is whole where it is not to be cut', () => {
    expect(drawn(60, { ...TABLE, uncut: true })).toContain('because it says so at length');
  });
});

test.each([
  ['short', 10, 'short'],
  ['https://git.example.com/team.git', 15, 'https:/…eam.git'],
  ['a sentence that goes on', 12, 'a sentence …'],
  ['日本語のとても長い名前', 9, '日本…名前'],
])('%s in %d columns is %s', (text, columns, shown) => {
  expect(shorten(text, columns)).toBe(shown);
  expect(widthOf(shown)).toBeLessThanOrEqual(columns);
});

test('lines are wrapped by what they take in a terminal', () => {
  expect(wrap('abcdef', 4)).toEqual(['abcd', 'ef']);
  expect(wrap('日本語', 4)).toEqual(['日本', '語']);
  expect(wrap('', 4)).toEqual(['']);
});
