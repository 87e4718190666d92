// What a failure looks like, in each of the two ways to behave.

import { GRPC_NAMES } from '../api/status.ts';
import { EXIT_CODES, type HawserError } from '../core/errors.ts';
import { timestamp } from '../core/time.ts';
import { formatJson } from '../render/json.ts';
import type { FailureSetting, Said } from './policy.ts';

export async function hawserFailure(error: HawserError, { output, style }: FailureSetting): Promise<Said> {
  if (error.code === 'differs') return { out: '', err: '' };
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
    const { formatYaml } = await import('../core/yaml.ts');
    return { out: formatYaml(document), err: '' };
  }
  const hint = error.hint === undefined ? '' : `${style.faint('hint:')} ${error.hint}\n`;
  return { out: '', err: `${style.bad('error:')} ${error.message}\n${hint}` };
}

/** What the reference's parser refuses is a line on stdout; everything else a log record on stderr. */
export function argocdFailure(error: HawserError, { now }: FailureSetting): Said {
  if (error.code === 'differs') return { out: '', err: '' };
  const plain = error.details?.['argocdLine'];
  if (typeof plain === 'string') return { out: plain, err: '' };
  const grpc = error.details?.['grpc'];
  const own = error.details?.['argocdMessage'];
  const coded = typeof grpc === 'number' ? `rpc error: code = ${GRPC_NAMES[grpc] ?? 'Unknown'} desc = ` : '';
  const msg = typeof own === 'string' ? own : `${coded}${error.message}`;
  return { out: '', err: `${formatRecord({ level: 'fatal', msg, time: timestamp(now) })}\n` };
}

function formatRecord(record: { readonly level: string; readonly msg: string; readonly time: string }): string {
  return formatJson(record, 0).trimEnd();
}
