import { expect, test } from 'vitest';
import { inReference } from '../../../../src/cli/compat/reference.ts';
import { type Flag, readValue } from '../../../../src/cli/input/flags.ts';
import { asHawserError } from '../../../../src/core/errors.ts';

const failureOf = (flag: Flag, text: string) => {
  try {
    return readValue(flag, text, undefined);
  } catch (thrown) {
    return inReference(asHawserError(thrown));
  }
};

test.each<[Flag, string]>([
  [{ name: 'parallel', type: 'uint', min: 1, summary: '' }, '0'],
  [{ name: 'on-timeout', type: 'string', choices: ['leave', 'terminate'], summary: '' }, 'Leave'],
  [{ name: 'on-degraded', type: 'duration', choices: ['fail', 'wait'], summary: '' }, 'Fail'],
])('a value that --$name does not take is no parse error of Go', (flag, text) => {
  expect(failureOf(flag, text)).toEqual({});
});

test('a value of another type is one', () => {
  const flag: Flag = { name: 'parallel', type: 'uint', min: 1, summary: '' };
  expect(failureOf(flag, 'x')).toEqual({
    stdout: 'Error: invalid argument "x" for "--parallel" flag: strconv.ParseUint: parsing "x": invalid syntax\n',
  });
});
