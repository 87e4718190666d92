// What a failure looks like, in each of the two ways to behave.

import { GRPC_NAMES } from '../../api/status.ts';
import { EXIT_CODES, type HawserError } from '../../core/errors.ts';
import { timestamp } from '../../core/time.ts';
import { formatJson } from '../../render/json.ts';
import type { FailureSetting, Said } from './policy.ts';

export async function hawserFailure(error: HawserError, { output, style }: FailureSetting): Promise<Said> {
  if (error.code === 'differs' || error.details?.['said'] === true) return { out: '', err: '' };
  const document = {
    error: {
      code: error.code,
      exit: EXIT_CODES[error.code],
      message: error.message,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(error.details === undefined ? {} : { details: error.details }),
    },
  };
  if (output === 'json') return { out: formatJson(document), err: '' };
  if (output === 'yaml') {
    const { formatYaml } = await import('../../core/yaml.ts');
    return { out: formatYaml(document), err: '' };
  }
  const hint = error.hint === undefined ? '' : `${style.faint('hint:')} ${error.hint}\n`;
  return { out: '', err: `${style.bad('error:')} ${error.message}\n${hint}` };
}

/** What the reference's parser refuses is a line on stdout; everything else a log record on stderr. */
export function argocdFailure(error: HawserError, { now, logformat }: FailureSetting): Said {
  if (error.code === 'differs') return { out: '', err: '' };
  const details = error.details ?? {};
  if (details['argocdSilent'] === true) return { out: '', err: '' };
  const isText = logformat === 'text' || details['argocdText'] === true;
  const record = (level: string, msg: string): string => formatRecord({ level, msg, time: timestamp(now) }, isText);
  const plain = details['argocdLine'];
  const note = details['argocdNote'];
  const warning = details['argocdWarning'];
  if (typeof warning === 'string') {
    const told = formatRecord({ level: 'warning', msg: warning, time: timestamp(now) }, true);
    return { out: typeof plain === 'string' ? plain : '', err: told };
  }
  if (typeof plain === 'string') return { out: plain, err: typeof note === 'string' ? record('error', note) : '' };
  const grpc = details['grpc'];
  const own = details['argocdMessage'];
  const coded = typeof grpc === 'number' ? `rpc error: code = ${GRPC_NAMES[grpc] ?? 'Unknown'} desc = ` : '';
  const lead = typeof details['argocdLead'] === 'string' ? details['argocdLead'] : '';
  return { out: '', err: record('fatal', typeof own === 'string' ? own : `${lead}${coded}${error.message}`) };
}

interface LogRecord {
  readonly level: string;
  readonly msg: string;
  readonly time: string;
}

function formatRecord(record: LogRecord, isText: boolean): string {
  if (isText) return `time="${record.time}" level=${record.level} msg=${JSON.stringify(record.msg)}\n`;
  return `${formatJson(record, 0).trimEnd()}\n`;
}
