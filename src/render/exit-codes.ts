import type { Table } from './table.ts';

/** What each exit code says, for `hawser help exit-codes`. */
export const EXIT_CODE_TABLE: Table = {
  head: ['CODE', 'MEANING'],
  rows: [
    ['0', 'done'],
    ['1', 'a difference was found, or the answer is no'],
    ['2', 'wrong usage: a flag, an argument or a setting'],
    ['3', 'not logged in, or not allowed'],
    ['4', 'not found'],
    ['5', 'a sync failed'],
    ['6', 'unhealthy'],
    ['7', 'timed out'],
    ['8', 'the server is unreachable'],
    ['9', 'another operation runs'],
    ['10', 'blocked by a sync window'],
    ['11', 'needs a decision: the hint names the flag that takes it'],
    ['20', 'anything else'],
    ['130', 'interrupted (Ctrl-C)'],
    ['143', 'terminated'],
  ],
};
