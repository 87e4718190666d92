import { describe, expect, test } from 'vitest';
import { argocdReport, hawserReport } from '../../../../src/cli/compat/failures.ts';
import { HawserError, type Reason } from '../../../../src/core/errors.ts';
import { PLAIN } from '../../../../src/render/style.ts';

const setting = { output: 'json', logformat: 'json', style: PLAIN, now: Date.parse('2026-01-05T10:00:00Z') };

const failed = (reason: Reason): HawserError =>
  new HawserError('usage', 'it went wrong', { hint: 'do this', details: { flag: 'foo' }, reason });

describe('a failure in Hawser’s own mode', () => {
  test('shows code, message, hint and details, and nothing of what it means to the reference', async () => {
    const { out, err, exit } = await hawserReport(failed({ kind: 'unknown-flag', flag: '--foo' }), setting);
    expect(JSON.parse(out)).toEqual({
      error: { code: 'usage', exit: 2, message: 'it went wrong', hint: 'do this', details: { flag: 'foo' } },
    });
    expect({ err, exit }).toEqual({ err: '', exit: 2 });
  });

  test('is not told again where the answer tells it', async () => {
    expect(await hawserReport(failed({ kind: 'in-answer' }), setting)).toEqual({ out: '', err: '', exit: 2 });
  });

  test('ends with the exit code that the user chose', async () => {
    const differs = new HawserError('differs', 'there are differences', { reason: { kind: 'chosen-exit', exit: 42 } });
    expect(await hawserReport(differs, setting)).toEqual({ out: '', err: '', exit: 42 });
    expect(argocdReport(differs, setting)).toEqual({ out: '', err: '', exit: 42 });
  });
});

const record = (level: string, msg: string): string =>
  `{"level":"${level}","msg":"${msg}","time":"2026-01-05T10:00:00Z"}\n`;

describe('a failure in drop-in mode', () => {
  test.each<[string, Reason, { readonly out?: string; readonly err?: string; readonly exit: number }]>([
    [
      'a line of the parser',
      { kind: 'unknown-flag', flag: '-x' },
      { out: "Error: unknown shorthand flag: 'x' in -x\n", exit: 1 },
    ],
    ['help alone', { kind: 'incomplete-command', command: 'diff' }, { exit: 2 }],
    [
      'help and a record',
      { kind: 'nothing-to-set' },
      { err: record('error', 'Please set at least one option to update'), exit: 1 },
    ],
    [
      'our message with its exit code',
      { kind: 'invalid-argument' },
      { err: record('fatal', 'it went wrong'), exit: 20 },
    ],
    ['a message of its own', { kind: 'no-answer' }, { err: record('fatal', 'EOF'), exit: 20 }],
    [
      'our message behind a lead',
      { kind: 'log-stream-failed' },
      { err: record('fatal', 'stream read failed: it went wrong'), exit: 1 },
    ],
    ['nothing', { kind: 'login-declined' }, { exit: 1 }],
    [
      'a text record, whatever the format',
      { kind: 'unknown-log-format', format: 'xml' },
      { err: `time="2026-01-05T10:00:00Z" level=fatal msg="Unknown log format 'xml'"\n`, exit: 1 },
    ],
  ])('is %s', (_, reason, { out = '', err = '', exit }) => {
    expect(argocdReport(failed(reason), setting)).toEqual({ out, err, exit });
  });
});
