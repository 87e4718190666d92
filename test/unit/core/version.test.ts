import { describe, expect, test } from 'vitest';
import { isConstraint, isVersion, maxSatisfying } from '../../../src/core/version.ts';

const TAGS = ['v1.0.0', '1.1.0', 'v1.2.0', 'v1.2.5', '2.0.0-rc.1', 'v2.0.0', '0.2.3', '0.2.9', '0.3.0', 'latest'];

describe('versions', () => {
  test.each([
    ['1.2.3', true, false],
    ['v1.0', true, false],
    ['1', true, false],
    ['1.*', false, true],
    ['>=1 <2', false, true],
    ['^1', false, true],
    ['main', false, false],
    ['HEAD', false, false],
    ['release-1.2', false, false],
    ['', false, false],
  ])('%s is told from a constraint and from a name', (text, version, constraint) => {
    expect([isVersion(text), isConstraint(text)]).toEqual([version, constraint]);
  });

  test.each<[string, string | undefined]>([
    ['*', 'v2.0.0'],
    ['1.*', 'v1.2.5'],
    ['1.x.x', 'v1.2.5'],
    ['^1', 'v1.2.5'],
    ['^0.2.3', '0.2.9'],
    ['^0', '0.3.0'],
    ['~1.2.0', 'v1.2.5'],
    ['~1', 'v1.2.5'],
    ['~> 1.1', '1.1.0'],
    ['>=1 <2', 'v1.2.5'],
    ['>=1, <1.2', '1.1.0'],
    ['>1', 'v2.0.0'],
    ['<=1.1', '1.1.0'],
    ['1.0 - 1.1', '1.1.0'],
    ['<1 || =1.1.0', '1.1.0'],
    ['!=2.0.0', 'v1.2.5'],
    ['>=2.0.0-0 <2.0.0', '2.0.0-rc.1'],
    ['>=3', undefined],
  ])('%s picks %s', (constraint, expected) => {
    expect(maxSatisfying(TAGS, constraint)).toBe(expected);
  });
});
