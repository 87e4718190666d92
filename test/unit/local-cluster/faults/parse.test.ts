// The text of `hawser.dev/fault`, what is wrong with it, and that the documentation has the table of the code.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseFaults } from '../../../../src/local-cluster/faults/parse.ts';
import { ALIASES, FAULTS, isFaultName, rowOf } from '../../../../src/local-cluster/faults/table.ts';

const problems = (text: string): readonly string[] => parseFaults(text).problems;

describe('a fault', () => {
  test.each([
    ['crash', [{ name: 'crash', numbers: { exit: 1, after: 200 }, texts: {} }]],
    ['crash:exit=2,after=5s', [{ name: 'crash', numbers: { exit: 2, after: 5000 }, texts: {} }]],
    [
      ' crash : exit = 2 , container = web ',
      [{ name: 'crash', numbers: { exit: 2, after: 200 }, texts: { container: 'web' } }],
    ],
    ['hang', [{ name: 'never-ready', numbers: { after: 0 }, texts: {} }]],
    ['throttle:share=25%', [{ name: 'throttle', numbers: { share: 0.25 }, texts: {} }]],
    ['error:share=.5', [{ name: 'error', numbers: { share: 0.5 }, texts: {} }]],
    ['refuse:message=no, not today, a=b', [{ name: 'refuse', numbers: {}, texts: { message: 'no, not today, a=b' } }]],
    ['stuck', [{ name: 'stuck', numbers: {}, texts: {} }]],
    ['cut:after=2s,expired=true', [{ name: 'cut', numbers: { after: 2000 }, texts: { expired: 'true' } }]],
    [
      'slow:by=1m; crash;',
      [
        { name: 'slow', numbers: { by: 60_000 }, texts: {} },
        { name: 'crash', numbers: { exit: 1, after: 200 }, texts: {} },
      ],
    ],
  ])('%j is read', (text, faults) => {
    expect(parseFaults(text)).toEqual({ faults, problems: [] });
  });

  test.each([
    ['crsh', 'unknown fault "crsh": did you mean "crash"?'],
    ['Crash', 'unknown fault "Crash": did you mean "crash"?'],
    ['crash:exitcode=2', 'fault "crash" has no parameter "exitcode": it has exit, after, times, container'],
    ['stuck:for=1s', 'fault "stuck" has no parameter "for": it has none'],
    ['crash:__proto__=2', 'fault "crash" has no parameter "__proto__": it has exit, after, times, container'],
    ['crash:exit=0', 'fault "crash": exit must be a whole number from 1 to 255, not "0"'],
    ['crash:exit=256', 'fault "crash": exit must be a whole number from 1 to 255, not "256"'],
    ['crash:exit', 'fault "crash": exit must be a whole number from 1 to 255, not ""'],
    ['crash:after=soon', 'fault "crash": after must be a time like 500ms, 5s or 2m, not "soon"'],
    ['crash:after=-5s', 'fault "crash": after must be a time like 500ms, 5s or 2m, not "-5s"'],
    ['crash:times=-1', 'fault "crash": times must be a whole number from 0 to 1000, not "-1"'],
    ['crash:exit=1,exit=2', 'fault "crash": exit stands twice'],
    ['crash,exit=2', 'unknown fault "crash,exit=2"'],
    ['throttle:share=100%', 'fault "throttle": share must be a share from 0% to 90%, not "100%"'],
    ['cut:expired=yes', 'fault "cut": expired must be true or false, not "yes"'],
    ['never-pull:reason=gone', 'fault "never-pull": reason must be one of not-found, denied, timeout, not "gone"'],
    ['refuse:message=', 'fault "refuse": message must be a sentence, not ""'],
    ['crash;crash', 'fault "crash" stands twice'],
    ['', 'the annotation is empty: known faults are crash'],
    [' ; ', 'the annotation is empty'],
    ['x'.repeat(2000), 'a fault has at most 1024 characters'],
  ])('%j is told', (text, problem) => {
    expect(problems(text)[0]).toContain(problem);
  });

  test('that is right stands beside one that is wrong', () => {
    const { faults, problems } = parseFaults('crash; boom');
    expect(faults.map(({ name }) => name)).toEqual(['crash']);
    expect(problems).toHaveLength(1);
  });
});

describe('the table', () => {
  const names = Object.keys(FAULTS).filter(isFaultName);

  test.each(names)('%s is understood as it stands, with each of its parameters at its preset', (name) => {
    const presets = Object.entries(rowOf(name).parameters).flatMap(([key, { initial }]) =>
      initial === '' ? [] : [`${key}=${initial}`],
    );
    expect(parseFaults(`${name}:${presets.join(',')}`)).toEqual(parseFaults(name));
    expect(problems(name)).toEqual([]);
  });

  test('is the one of the documentation', () => {
    const documentation = readFileSync(new URL('../../../../docs/local-cluster.md', import.meta.url), 'utf8');
    for (const name of names) {
      const { on, parameters, about } = rowOf(name);
      const settings = Object.entries(parameters).map(
        ([key, { initial, about }]) => `\`${key}${initial === '' ? '' : `=${initial}`}\` ${about}`,
      );
      expect(documentation).toContain(`| \`${name}\` | ${on.join(', ')} | ${settings.join('; ')} | ${about} |`);
    }
  });

  test('has its aliases in it', () => {
    for (const name of Object.values(ALIASES)) expect(names).toContain(name);
  });
});
