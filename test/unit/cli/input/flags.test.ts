// The types of options and arguments come from their declaration: what does not agree with it does not compile.

import { describe, expect, expectTypeOf, test } from 'vitest';
import { defineCommand } from '../../../../src/cli/input/command.ts';
import type { Flag, OptionsOf } from '../../../../src/cli/input/flags.ts';

const FLAGS = [
  { name: 'dry-run', type: 'bool', summary: 'change nothing' },
  { name: 'no-headers', type: 'bool', summary: 'leave the heading out' },
  { name: 'output', short: 'o', type: 'string', default: 'wide', summary: 'format' },
  { name: 'config', type: 'string', default: '~', typedOnly: true, summary: 'file' },
  { name: 'if-busy', type: 'string', choices: ['fail', 'wait'], default: 'fail', summary: 'what to do' },
  { name: 'on-degraded', type: 'duration', choices: ['fail'], default: 'fail', summary: 'how long' },
  { name: 'parallel', type: 'uint', min: 1, default: 1, summary: 'how many' },
  { name: 'kind', type: 'string', required: true, summary: 'kind' },
  { name: 'local', type: 'string', repeats: true, summary: 'folder' },
  { name: 'labels', type: 'strings', summary: 'labels' },
  { name: 'positions', type: 'int64Slice', summary: 'positions' },
] as const satisfies readonly Flag[];

type Options = OptionsOf<typeof FLAGS>;

async function parse(words: readonly string[]): Promise<readonly unknown[]> {
  let taken: readonly unknown[] = [];
  const command = defineCommand(
    { name: 'try', description: 'tries', arguments: ['<name>', '[rest...]'], flags: FLAGS },
    (options, name, rest) => {
      expectTypeOf(options).toEqualTypeOf<Options>();
      expectTypeOf(name).toEqualTypeOf<string>();
      expectTypeOf(rest).toEqualTypeOf<readonly string[]>();
      // @ts-expect-error no flag is named so
      expect(options.dryrun).toBeUndefined();
      taken = [options, name, rest];
    },
  );
  await command.exitOverride().parseAsync([...words], { from: 'user' });
  return taken;
}

describe('the options of a command', () => {
  test('have the types that its flags declare', () => {
    expectTypeOf<Options['dryRun']>().toEqualTypeOf<boolean | undefined>();
    expectTypeOf<Options['headers']>().toEqualTypeOf<boolean>();
    expectTypeOf<Options['output']>().toEqualTypeOf<string>();
    expectTypeOf<Options['config']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Options['ifBusy']>().toEqualTypeOf<'fail' | 'wait'>();
    expectTypeOf<Options['parallel']>().toEqualTypeOf<number>();
    expectTypeOf<Options['kind']>().toEqualTypeOf<string>();
    expectTypeOf<Options['local']>().toEqualTypeOf<readonly string[] | undefined>();
    expectTypeOf<Options['positions']>().toEqualTypeOf<readonly number[] | undefined>();
  });

  test('are what those types say, typed or not', async () => {
    const options = { headers: true, output: 'wide', ifBusy: 'fail', onDegraded: 'fail', parallel: 1, kind: 'Pod' };
    expect(await parse(['web', '--kind', 'Pod'])).toEqual([options, 'web', []]);
    const words = ['web', 'a', '--kind=Pod', '--no-headers', '--local', 'x', '--local=y', '--labels', 'a,b'];
    expect(await parse([...words, '--positions', '1,2', '--if-busy', 'wait', '--on-degraded=30s'])).toEqual([
      {
        ...options,
        headers: false,
        local: ['x', 'y'],
        labels: ['a', 'b'],
        positions: [1, 2],
        ifBusy: 'wait',
        onDegraded: '30s',
      },
      'web',
      ['a'],
    ]);
  });

  test.each([
    [['--if-busy', 'no'], "invalid value 'no' for --if-busy", 'valid values: fail, wait'],
    [['--on-degraded', 'no'], "invalid value 'no' for --on-degraded", 'valid values: fail, or a duration like 30s'],
    [['--parallel', '0'], "invalid value '0' for --parallel", 'use a whole number of at least 1'],
    [['--parallel', 'x'], "invalid value 'x' for --parallel", 'use a whole number'],
    [['--dry-run=perhaps'], "invalid value 'perhaps' for --dry-run", 'valid values: true, false'],
  ])('%j is refused by the name of the flag', async (words, message, hint) => {
    await expect(parse(['web', '--kind', 'Pod', ...words])).rejects.toMatchObject({ message, hint, code: 'usage' });
  });
});
