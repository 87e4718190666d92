import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TOPICS } from '../../../../src/cli/help/topics.ts';

const CLI = new URL('../../../../src/cli/', import.meta.url);

test('help environment names every variable of Hawser and argocd that the command line reads', () => {
  const text = JSON.stringify(TOPICS.find(({ name }) => name === 'environment'));
  const files = readdirSync(CLI, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const names = files.flatMap((name) =>
    [...readFileSync(new URL(name, CLI), 'utf8').matchAll(/'((?:HAWSER|ARGOCD)_[A-Z_]+)'/g)].map(
      ([, variable = '']) => variable,
    ),
  );
  expect(names).toContain('HAWSER_CONTEXT');
  expect([...new Set(names)].filter((name) => !text.includes(name))).toEqual([]);
});
