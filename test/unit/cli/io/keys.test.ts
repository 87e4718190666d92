import { describe, expect, test } from 'vitest';
import { keysIn } from '../../../../src/cli/io/keys.ts';

describe('keys of a terminal', () => {
  test.each([
    ['q', ['q']],
    ['jj', ['j', 'j']],
    ['ü漢🚀', ['ü', '漢', '🚀']],
    ['\r', ['enter']],
    ['\u007f', ['backspace']],
    ['\u0003', ['ctrl-c']],
    ['\u001b[A\u001b[B', ['up', 'down']],
    ['\u001bOA', ['up']],
    ['\u001b[5~x', ['page-up', 'x']],
    ['\u001bx', ['escape', 'x']],
    ['\u001b[1;5C', []],
    ['\u001b[200~', []],
    ['\u0000\u0007', []],
  ])('%j is %j', (text, keys) => {
    expect(keysIn(text)).toEqual({ keys, rest: '' });
  });

  test.each(['\u001b', '\u001b[', '\u001b[1;', '\u001bO'])('the rest of %j may come', (text) => {
    expect(keysIn(`q${text}`)).toEqual({ keys: ['q'], rest: text });
  });
});
