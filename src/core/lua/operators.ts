// What stands between two expressions.

import { type Arithmetic, arithmetic, concatenate, equals, lessThan } from './operations.ts';
import type { Frame } from './scope.ts';
import { isTruthy, type LuaValue } from './values.ts';

export type Evaluate = (frame: Frame) => LuaValue;

const ARITHMETIC: Readonly<Record<string, Arithmetic>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '%': 'mod',
  '^': 'pow',
};

export function binary(operator: string, left: Evaluate, right: Evaluate, line: number): Evaluate {
  const operation = ARITHMETIC[operator];
  if (operation)
    return (frame) => arithmetic(frame.runtime, operation, { left: left(frame), right: right(frame), line });
  switch (operator) {
    case 'and':
      return (frame) => {
        const value = left(frame);
        return isTruthy(value) ? right(frame) : value;
      };
    case 'or':
      return (frame) => {
        const value = left(frame);
        return isTruthy(value) ? value : right(frame);
      };
    case '..':
      return (frame) => concatenate(frame.runtime, { left: left(frame), right: right(frame), line });
    case '==':
      return (frame) => equals(frame.runtime, left(frame), right(frame), line);
    case '~=':
      return (frame) => !equals(frame.runtime, left(frame), right(frame), line);
    default:
      return comparison(operator, left, right, line);
  }
}

function comparison(operator: string, left: Evaluate, right: Evaluate, line: number): Evaluate {
  const orEqual = operator.endsWith('=');
  return operator.startsWith('<')
    ? (frame) => lessThan(frame.runtime, { left: left(frame), right: right(frame), line }, orEqual)
    : (frame) => {
        const [a, b] = [left(frame), right(frame)];
        return lessThan(frame.runtime, { left: b, right: a, line }, orEqual);
      };
}
