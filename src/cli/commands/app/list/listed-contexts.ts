// Several servers of which one list is made.

import { EXIT_CODES, HawserError } from '../../../../core/errors.ts';
import { omitUndefined } from '../../../../core/omit-undefined.ts';
import { type Application, qualifiedName } from '../../../../model/application.ts';
import { applicationTable } from '../../../../render/applications.ts';
import type { Connection, Context } from '../../../context.ts';
import type { Listing } from '../../../output/list.ts';

export interface ListedContext {
  /** Of its context. */
  readonly name: string;
  open(): Promise<Connection>;
}

export interface Found {
  readonly context: string;
  readonly application: Application;
}

export interface Failed {
  readonly context: string;
  readonly error: HawserError;
}

const LOCAL = 'local';

/** The saved contexts that were typed, or all of them. */
export async function listedContexts(contexts: readonly string[], context: Context): Promise<ListedContext[]> {
  const config = (await (await context.config()).read()) ?? {};
  const saved = (config.contexts ?? []).map(({ name }) => name);
  const available = [...saved, LOCAL];
  const names = [...new Set(contexts.flatMap((name) => (name === 'all' ? available : [name])))];
  const unknown = names.find((name) => !available.includes(name));
  if (unknown !== undefined) {
    throw new HawserError('usage', `there is no context '${unknown}'`, {
      hint: `available contexts: ${available.join(', ')}`,
    });
  }
  const { resolveContext } = await import('../../../config/config.ts');
  return names.map((name) => ({
    name,
    open: async () => (name === LOCAL ? context.local() : context.connectTo(resolveContext(config, name))),
  }));
}

/** When nobody answered, the worst reason stands for all. */
export function worstOf(failed: readonly Failed[]): HawserError {
  const [worst] = [...failed].sort((a, b) => EXIT_CODES[b.error.code] - EXIT_CODES[a.error.code]);
  const message = failed.map(({ context, error }) => `context '${context}': ${error.message}`).join('; ');
  return new HawserError(worst?.error.code ?? 'internal', message, {
    ...(worst?.error.hint === undefined ? {} : { hint: worst.error.hint }),
    details: { contexts: failed.map(failure) },
  });
}

export const failure = ({ context, error }: Failed): Record<string, unknown> => ({
  context,
  code: error.code,
  exit: EXIT_CODES[error.code],
  message: error.message,
  ...omitUndefined({ hint: error.hint }),
});

export const WITH_CONTEXTS: Listing<Found> = {
  table: (items, columns, now) => {
    const { head, rows, ...table } = applicationTable(
      items.map(({ application }) => application),
      columns,
      now,
    );
    return {
      ...table,
      head: ['CONTEXT', ...head],
      rows: rows.map((row, index) => [items[index]?.context ?? '', ...row]),
    };
  },
  name: ({ context, application }) => `${context}:${qualifiedName(application)}`,
};
