// Where `hawser top` cannot draw, it says what can be used instead.

import { expect, test } from 'vitest';
import { hawser, type Typed } from '../support/hawser.ts';

test.each<[string, Typed]>([
  ['a pipe', {}],
  ['a pipeline', { terminal: true, env: { CI: 'true' } }],
  ['a dumb terminal', { terminal: true, env: { TERM: 'dumb' } }],
  ['a console without a second screen', { terminal: true, env: { TERM: 'linux' } }],
  ['a screen reader', { terminal: true, env: { HAWSER_SCREEN_READER: '1' } }],
])('%s is refused', async (_, typed) => {
  const { code, out, err } = await hawser('top', typed);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/hint:.* hawser app list --watch/);
});

test('a field to sort by that is none', async () => {
  const { code, err } = await hawser('top --sort-by colour');
  expect(code).toBe(2);
  expect(err).toContain('valid fields: problems, name, project, deployed');
});
