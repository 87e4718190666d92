import { describe, expect, test } from 'vitest';
import { formatYaml, parseYaml } from '../../../src/core/yaml.ts';

describe('YAML is written as Go writes it', () => {
  test.each([
    ['', '""'],
    ['100', '"100"'],
    ['1.5', '"1.5"'],
    ['true', '"true"'],
    ['no', '"no"'],
    ['null', '"null"'],
    ['2026-01-05', '"2026-01-05"'],
    ['2026-01-05T10:00:00Z', '"2026-01-05T10:00:00Z"'],
    ['12:30', '"12:30"'],
    ['plain text', 'plain text'],
    ['v1.2.3', 'v1.2.3'],
    ['a: b', "'a: b'"],
    ['*', "'*'"],
    ['{{x}}', "'{{x}}'"],
    ['\u001b[31m', '"\\e[31m"'],
    ['a\u009bb', '"a\\x9Bb"'],
    ['two\nlines\u0007\n', '"two\\nlines\\a\\n"'],
    ['a\u202eb', '"a\\u202eb"'],
  ])('%j becomes %s', (value, text) => {
    expect(formatYaml({ key: value })).toBe(`key: ${text}\n`);
    expect(parseYaml(formatYaml({ key: value }), 'test')).toEqual({ key: value });
  });

  test('several lines stand as they are, whatever they look like', () => {
    expect(formatYaml({ key: "a: '100'\nb: x\n" })).toBe("key: |\n  a: '100'\n  b: x\n");
  });
});
