import type { Command } from 'commander';
import { type AuditEntry, type AuditQuery, listAudit } from '../../api/audit.ts';
import { HawserError } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { parseDuration, timestamp } from '../../core/time.ts';
import { APPLICATION_TYPE } from '../../model/application-key.ts';
import type { Cell, Table } from '../../render/table.ts';
import { age } from '../../render/times.ts';
import type { Context } from '../context.ts';
import { defineCommand } from '../input/command.ts';
import type { Flag, OptionsOf } from '../input/flags.ts';
import { hawserOnly } from '../input/hawser-only.ts';
import { checkFormat, outputFlag, writeDocument } from '../output/document.ts';

const FLAGS = [
  { name: 'app', type: 'string', value: 'name', summary: 'only changes of this application, and of what it deployed' },
  { name: 'app-namespace', short: 'N', type: 'string', value: 'namespace', summary: 'namespace of the application' },
  {
    name: 'actor',
    type: 'string',
    value: 'name',
    summary: "only changes by this account; 'webhook' and 'controller' are actors too",
  },
  {
    name: 'since',
    type: 'string',
    value: 'time',
    summary: 'only what is newer: a duration (2h, 7d) or a time (RFC 3339)',
  },
  { name: 'limit', type: 'int', default: 100, value: 'number', summary: 'at most so many, the newest; 0 is all' },
  { ...outputFlag('wide, json or yaml') },
] as const satisfies readonly Flag[];

type AuditOptions = OptionsOf<typeof FLAGS>;

export function auditCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'audit',
      description:
        'Shows who did what to which object, from where, with the fields that changed, the newest first: calls of the API, local commands, logins and refused ones, webhooks, what kubectl wrote to the local cluster, and what the controller synced by itself. Secrets are never written down. Who is no administrator sees what was done to objects that they may get.',
      flags: FLAGS,
      examples: [
        { about: 'Show the last changes', line: 'hawser audit' },
        { about: 'Show what was done to an application today', line: 'hawser audit --app shop --since 24h' },
        { about: 'Show every field that an account changed', line: 'hawser audit --actor ann -o wide' },
        {
          about: 'Print refused logins',
          line: 'hawser audit -o json --jq \'.[] | select(.action == "login" and .outcome == "refused")\'',
        },
      ],
    },
    (options) => runAudit(options, context),
  );
}

async function runAudit(options: AuditOptions, context: Context): Promise<void> {
  const { output } = options;
  if (output !== undefined) checkFormat(output, ['wide', 'json', 'yaml']);
  const query = queryOf(options, context.clock.now());
  const { client } = await context.connect();
  const {
    items = [],
    isCut = false,
    warnings = [],
  } = await hawserOnly(() => client.call(listAudit, query), {
    message: 'the server is no Hawser: it keeps no audit',
    hint: 'ask the audit log of its cluster',
  });
  for (const warning of warnings) context.say(`warning: ${warning}`);
  if (isCut) context.say(`there are older ones (--limit ${options.limit * 2}, or --since)`);
  if (output !== undefined && (await writeDocument(items, output, context))) return;
  if (items.length === 0) return context.say('nothing was changed');
  const { style, table } = await context.view();
  const isWide = output === 'wide';
  // A person wants to know how long ago, a program when.
  const now = isWide || !context.io.out.terminal ? undefined : context.clock.now();
  context.io.out.write(table(tableOf(items, isWide, now), style));
}

function queryOf({ app, appNamespace, actor, since, limit }: AuditOptions, now: number): AuditQuery {
  if (limit < 0) throw new HawserError('usage', `--limit ${limit}: it is a number of entries`, { hint: '--limit 20' });
  if (app === undefined && appNamespace !== undefined)
    throw new HawserError('usage', '--app-namespace needs --app', { hint: 'hawser audit --app NAME -N NAMESPACE' });
  return { ...omitUndefined({ app, appNamespace, actor, since: since && timeOf(since, now) }), limit };
}

/** A moment, or how long it is ago. */
function timeOf(text: string, now: number): string {
  if (/^\d{4}-/.test(text)) return timestamp(read(() => Date.parse(text), text));
  const days = /^(\d+)d$/.exec(text)?.[1];
  const ago = days === undefined ? read(() => parseDuration(text), text) : Number(days) * 86_400_000;
  return timestamp(now - ago);
}

function read(parse: () => number, text: string): number {
  const refusal = new HawserError('usage', `--since ${text} is neither a duration nor a time`, {
    hint: '--since 2h, --since 7d or --since 2026-01-05T10:00:00Z',
  });
  try {
    const value = parse();
    if (Number.isFinite(value)) return value;
  } catch {
    throw refusal;
  }
  throw refusal;
}

function tableOf(items: readonly AuditEntry[], isWide: boolean, now: number | undefined): Table {
  return {
    head: [now === undefined ? 'TIME' : 'AGE', 'ACTOR', 'FROM', 'ACTION', 'OBJECT', 'CHANGED'],
    rows: items.map((entry) => [
      now === undefined ? entry.time.replace(/\.\d+Z$/, 'Z') : age(entry.time, now),
      entry.actor || '-',
      fromOf(entry),
      actionCell(entry),
      subjectOf(entry),
      changedText(entry, isWide),
    ]),
    ...(isWide ? { uncut: true } : {}),
    spare: ['FROM'],
    note: 'CHANGED',
    more: '-o wide',
  };
}

const fromOf = ({ from = '-', user }: AuditEntry): string => (user ? `${user} (${from})` : from);

const actionCell = ({ action, outcome }: AuditEntry): Cell =>
  outcome === 'done' ? action : { text: `${action} (${outcome})`, as: 'bad' };

function subjectOf({ subject, object, application }: AuditEntry): string {
  const owner = object?.kind === APPLICATION_TYPE.kind ? undefined : (application?.name ?? object?.cluster);
  return `${subject ?? '-'}${owner === undefined ? '' : ` of ${owner}`}`;
}

/** In a row the first fields are enough. */
const FEW = 3;

function changedText({ change, fields = [], fieldsLeftOut = 0, problem }: AuditEntry, isWide: boolean): string {
  if (change === 'deleted') return 'deleted';
  if (change === undefined) return problem ?? '';
  if (change === 'created' && !isWide) return 'created';
  const told = (isWide ? fields : fields.slice(0, FEW)).map(({ path, before, after }) => {
    if (before === undefined) return `${path}: ${oneLine(after)}`;
    return after === undefined ? `${path} removed` : `${path}: ${oneLine(before)} → ${oneLine(after)}`;
  });
  const more = fields.length - told.length + fieldsLeftOut;
  const text = [...told, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
  return change === 'created' ? `created: ${text}` : text;
}

const oneLine = (text = ''): string => (text === '' ? "''" : text.replace(/\s*\n\s*/g, ' ⏎ '));
