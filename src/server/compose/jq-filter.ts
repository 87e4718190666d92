// jq over one document, as a command line asks for it.

import { HawserError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { createJqThread, jqReason } from './jq-thread.ts';

const LIMIT_MS = 60_000;

export interface JqFilter {
  check(expression: string): Promise<void>;
  run(document: Json, expression: string): Promise<string>;
}

export function createFilter(): JqFilter {
  const thread = createJqThread(LIMIT_MS);
  const run = async (input: string, expression: string, filter = expression): Promise<string> => {
    // A result a line, texts without quotes.
    const { output = '', error } = await thread.run(input, filter, ['-r', '-c']);
    if (error === undefined) return output === '' ? '' : `${output.replace(/\n$/, '')}\n`;
    throw new HawserError('usage', `--jq '${expression}': ${jqReason(error)}`, {
      hint: 'hawser help formatting shows examples',
    });
  };
  return {
    async check(expression) {
      await run('null', expression, `if false then (${expression}\n) else empty end`);
    },
    run: (document, expression) => run(JSON.stringify(document), expression),
  };
}
