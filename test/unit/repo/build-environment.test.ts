import { expect, test } from 'vitest';
import { substitute } from '../../../src/repo/render/build-environment.ts';

const braced = (name: string): string => `$\{${name}}`;
const VARIABLES = { ARGOCD_APP_NAME: 'web', ARGOCD_APP_REVISION: 'abc' };

test.each([
  [`$ARGOCD_APP_NAME-${braced('ARGOCD_APP_REVISION')}`, 'web-abc'],
  ['$2a$10$abc', '$2a$10$abc'],
  [`${braced('HOME')} $PATH`, `${braced('HOME')} $PATH`],
  ['$$ARGOCD_APP_NAME', '$ARGOCD_APP_NAME'],
  ['costs 5$', 'costs 5$'],
])('%s becomes %s', (text, expected) => {
  expect(substitute(text, VARIABLES)).toBe(expected);
});
