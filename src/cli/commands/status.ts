import type { Command } from 'commander';
import { HawserError } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { parseDuration } from '../../core/time.ts';
import { type Check, conclude } from '../../model/checkup.ts';
import { checkMarks, renderCheck } from '../../render/checkup.ts';
import { ASCII_GLYPHS, UNICODE_GLYPHS } from '../../render/glyphs.ts';
import { startCheckup } from '../checks/checkup.ts';
import type { Context } from '../context.ts';
import { defineCommand } from '../input/command.ts';
import type { Flag, OptionsOf } from '../input/flags.ts';
import { showsUnicode } from '../io/unicode.ts';
import { checkFormat, outputFlag, writeDocument } from '../output/document.ts';

const STATUS_FLAGS = [
  {
    name: 'timeout',
    type: 'duration',
    default: '10s',
    own: true,
    summary: 'time that each check has',
  },
  { ...outputFlag('json or yaml'), own: true },
] as const satisfies readonly Flag[];

export type StatusOptions = OptionsOf<typeof STATUS_FLAGS>;

export function statusCommand(context: Context, run = runStatus): Command {
  return defineCommand(
    {
      name: 'status',
      description:
        'Checks what commands depend on: the context, the server, the login, versions, programs, proxy and clock; counts the applications by state; and says what to type next. Nothing is changed, and no data folder is made.\nThe exit code is the one of the first fault (8 unreachable, 3 not logged in, 20 no git for the local system), and 0 where there is none: warnings, such as an application that is not well, leave it 0. With a name it shows an application: hawser app get.',
      flags: STATUS_FLAGS,
      examples: [
        { about: 'Check everything', line: 'hawser status' },
        { about: 'Why does a pipeline not reach its server?', line: 'hawser status --server cd.example.com' },
        {
          about: 'The checks that failed, for a script',
          line: 'hawser status -o json | jq -r \'.checks[] | select(.verdict == "fault") | .message\'',
        },
      ],
    },
    (options) => run(options, context),
  );
}

async function runStatus({ timeout, output }: StatusOptions, context: Context): Promise<void> {
  if (output !== undefined) checkFormat(output, ['json', 'yaml']);
  const milliseconds = parseDuration(timeout);
  if (milliseconds <= 0)
    throw new HawserError('usage', `invalid value '${timeout}' for --timeout`, { hint: 'use 1s or more' });
  context.leaveAtOnce();
  const pending = await startCheckup(context, milliseconds);
  const checks: Check[] = [];
  const write = output === undefined ? await writer(context) : () => undefined;
  for (const check of pending) {
    checks.push(await check);
    write(checks.at(-1));
  }
  const { fault, exit, next } = conclude(checks);
  if (output === undefined) {
    if (next !== undefined) context.io.out.write(`\nNext: ${next}\n`);
  } else await writeDocument({ ok: exit === 0, exit, checks: checks.map(document), next: next ?? '' }, output, context);
  if (fault) throw new HawserError(fault.code ?? 'internal', fault.message, { reason: { kind: 'in-answer' } });
}

async function writer(context: Context): Promise<(check: Check | undefined) => void> {
  const { io, env } = context;
  const { style } = await context.view();
  const marks = checkMarks(showsUnicode(env) ? UNICODE_GLYPHS : ASCII_GLYPHS);
  const columns = io.out.terminal ? io.out.columns() : Number.POSITIVE_INFINITY;
  return (check) => {
    if (check) io.out.write(renderCheck(check, { columns, style, marks }));
  };
}

const document = ({ name, verdict, message, lines, hint, code, facts }: Check): Record<string, unknown> => ({
  name,
  verdict,
  message,
  ...omitUndefined({ lines, hint, code, facts }),
});
