// What a failure looks like and ends with, in each of the two modes.

import { GRPC_NAMES } from '../../api/status.ts';
import { type ErrorCode, EXIT_CODES, type HawserError } from '../../core/errors.ts';
import { timestamp } from '../../core/time.ts';
import { formatJson } from '../../render/json.ts';
import type { Style } from '../../render/style.ts';
import { inReference } from './reference.ts';

export interface FailureSetting {
  /** The machine format that was asked for, or ''. */
  readonly output: string;
  /** How the reference's records are written: 'text', else as JSON. */
  readonly logformat: string;
  readonly style: Style;
  readonly now: number;
  /** Before our own sentence. */
  readonly lead?: string;
}

export interface Report {
  readonly out: string;
  readonly err: string;
  readonly exit: number;
}

export async function hawserReport(error: HawserError, setting: FailureSetting): Promise<Report> {
  const exit = error.reason?.kind === 'chosen-exit' ? error.reason.exit : EXIT_CODES[error.code];
  const isSaid = error.code === 'differs' || error.reason?.kind === 'in-answer';
  return { ...(isSaid ? { out: '', err: '' } : await failureText(error, setting)), exit };
}

async function failureText(
  error: HawserError,
  { output, style, lead = '' }: FailureSetting,
): Promise<Omit<Report, 'exit'>> {
  const { code, message, hint, details } = error;
  const document = { error: { code, exit: EXIT_CODES[code], message, hint, details } };
  if (output === 'json') return { out: formatJson(document), err: '' };
  if (output === 'yaml') {
    const { formatYaml } = await import('../../core/yaml.ts');
    return { out: formatYaml(document), err: '' };
  }
  const next = hint === undefined ? '' : `${style.faint('hint:')} ${hint}\n`;
  return { out: '', err: `${lead}${style.bad('error:')} ${message}\n${next}` };
}

/** What the reference's parser refuses is a line on stdout; everything else a log record on stderr. */
export function argocdReport(error: HawserError, { now, logformat }: FailureSetting): Report {
  const { exit = ARGOCD_EXITS[error.code] ?? 20, ...told } = inReference(error);
  if (error.code === 'differs') return { out: '', err: '', exit };
  const isRecord = told.message !== undefined || (told.stdout === undefined && !told.help);
  const msg = told.message ?? `${told.lead ?? ''}${grpcLead(error)}${error.message}`;
  const record = { level: told.level ?? 'fatal', msg, time: timestamp(now) };
  const isText = told.text === true || logformat === 'text';
  const line = told.isPlainLog ? plainLog(record) : formatRecord(record, isText);
  return { out: told.stdout ?? '', err: isRecord ? line : '', exit };
}

const ARGOCD_EXITS: Readonly<Partial<Record<ErrorCode, number>>> = {
  usage: 1,
  differs: 1,
  'sync-failed': 1,
  unhealthy: 1,
  unreachable: 1,
  interrupted: 130,
  terminated: 143,
};

function grpcLead({ details }: HawserError): string {
  const grpc = details?.['grpc'];
  return typeof grpc === 'number' ? `rpc error: code = ${GRPC_NAMES[grpc] ?? 'Unknown'} desc = ` : '';
}

interface LogRecord {
  readonly level: string;
  readonly msg: string;
  readonly time: string;
}

/** '2026/01/05 10:00:00 message'. */
const plainLog = ({ time, msg }: LogRecord): string =>
  `${time.slice(0, 10).replaceAll('-', '/')} ${time.slice(11, 19)} ${msg}\n`;

function formatRecord(record: LogRecord, isText: boolean): string {
  if (isText) return `time="${record.time}" level=${record.level} msg=${JSON.stringify(record.msg)}\n`;
  return `${formatJson(record, 0).trimEnd()}\n`;
}
