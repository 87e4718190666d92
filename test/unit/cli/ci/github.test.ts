import { expect, test } from 'vitest';
import { annotations, outputLines, workflowCommand } from '../../../../src/cli/ci/github.ts';

test('what has a meaning in a workflow command is escaped, in properties more than in the text', () => {
  expect(workflowCommand('error', { title: 'a: b, 100%' }, 'c: d, 100%\r\n')).toBe(
    '::error title=a%3A b%2C 100%25::c: d, 100%25%0D%0A\n',
  );
  expect(workflowCommand('endgroup', {}, '')).toBe('::endgroup::\n');
});

test('ten annotations at most: the last one names those that have no room', () => {
  const failures = Array.from({ length: 14 }, (_, index) => ({ title: `app-${index}`, message: 'x' }));
  const lines = annotations(failures).trimEnd().split('\n');
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toBe('::error title=app-9::x%0Aand 4 more: app-10, app-11, app-12, app-13');
  expect(annotations(failures.slice(0, 10)).trimEnd().split('\n').at(-1)).toBe('::error title=app-9::x');
});

test('a message is cut below 64 KB, between two characters', () => {
  const [line = ''] = annotations([{ title: 't', message: '🚢'.repeat(40_000) }]).split('\n');
  expect(Buffer.byteLength(line)).toBeLessThan(64 * 1024);
  expect(line).toMatch(/🚢…$/);
});

test('an output has one line', () => {
  expect(outputLines({ a: 'x\ny=z', b: '' })).toBe('a=x y=z\nb=\n');
});
