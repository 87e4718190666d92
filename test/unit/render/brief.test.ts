import { describe, expect, test } from 'vitest';
import { briefMessage } from '../../../src/render/brief.ts';

const value = (size: number): string => JSON.stringify({ text: 'x'.repeat(size), odd: 'a } in a "text"' });
const LARGE = 'Invalid value: {…}: field is immutable';

describe('a message', () => {
  test.each([
    ['without a value stays', 'not found', 'not found'],
    ['with a small value stays', 'Invalid value: {"a":1}: no', 'Invalid value: {"a":1}: no'],
    ['with a large value is cut', `Job: Invalid value: ${value(90)}: field is immutable`, `Job: ${LARGE}`],
    [
      'with several large values is cut at each',
      `Invalid value: ${value(90)}: field is immutable,Invalid value: ${value(80)}: field is immutable`,
      `${LARGE},${LARGE}`,
    ],
    ['with a value that has no end is cut', `Invalid value: {"a":"${'x'.repeat(90)}`, 'Invalid value: {…}'],
    [
      'with a Go struct is cut',
      `Invalid value: core.PodTemplateSpec{A:v1.Meta{${'x'.repeat(90)}}}: no`,
      'Invalid value: core.PodTemplateSpec{…}: no',
    ],
  ])('%s', (_what, message, brief) => {
    expect(briefMessage(message)).toBe(brief);
  });
});
