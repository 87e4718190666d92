// One list of several servers. A server that does not answer is told, and does not hide the others.

import { asHawserError, EXIT_CODES, HawserError } from '../../../core/errors.ts';
import { type Application, qualifiedName } from '../../../model/application.ts';
import { applicationTable } from '../../../render/applications.ts';
import type { Connection, Context } from '../../context.ts';
import { formatList, type Listing } from '../../listing.ts';
import { writeDocument } from '../../output.ts';
import { fetchChosen, type ListPlan } from './list-plan.ts';

interface Found {
  readonly context: string;
  readonly application: Application;
}

interface Failed {
  readonly context: string;
  readonly error: HawserError;
}

export async function listContexts(typed: readonly string[], plan: ListPlan, context: Context): Promise<void> {
  const places = await openers(typed, context);
  const answers = await Promise.all(places.map((place) => ask(place, plan)));
  const found = answers.flatMap((answer) => ('found' in answer ? answer.found : []));
  const failed = answers.flatMap((answer) => ('failed' in answer ? [answer.failed] : []));
  if (failed.length === places.length) throw worstOf(failed);
  for (const { context: name, error } of failed) context.say(`warning: context '${name}': ${error.message}`);
  const { format, headers } = plan;
  if (format.name === 'json' || format.name === 'yaml') {
    const items = found.map(({ context: name, application }) => ({ context: name, ...application }));
    await writeDocument({ items, errors: failed.map(failure) }, format.name, context);
    return;
  }
  context.io.out.write(await formatList(found, { format, headers, view: await context.view(), listing: LISTING }));
}

interface Place {
  readonly name: string;
  open(): Promise<Connection>;
}

const LOCAL = 'local';

async function openers(typed: readonly string[], context: Context): Promise<Place[]> {
  const config = (await (await context.config()).read()) ?? {};
  const saved = (config.contexts ?? []).map(({ name }) => name);
  const known = [...saved, LOCAL];
  const names = [...new Set(typed.flatMap((name) => (name === 'all' ? known : [name])))];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new HawserError('usage', `there is no context '${unknown}'`, { hint: `there are ${known.join(', ')}` });
  }
  const { resolveContext } = await import('../../config/config.ts');
  return names.map((name) => ({
    name,
    open: async () => (name === LOCAL ? context.local() : context.connectTo(resolveContext(config, name))),
  }));
}

type Answer = { readonly found: readonly Found[] } | { readonly failed: Failed };

async function ask({ name, open }: Place, plan: ListPlan): Promise<Answer> {
  try {
    const found = await fetchChosen(await open(), plan);
    return { found: found.map((application) => ({ context: name, application })) };
  } catch (thrown) {
    return { failed: { context: name, error: asHawserError(thrown) } };
  }
}

/** When nobody answered, the worst reason stands for all. */
function worstOf(failed: readonly Failed[]): HawserError {
  const [worst] = [...failed].sort((a, b) => EXIT_CODES[b.error.code] - EXIT_CODES[a.error.code]);
  const message = failed.map(({ context, error }) => `context '${context}': ${error.message}`).join('; ');
  return new HawserError(worst?.error.code ?? 'internal', message, {
    ...(worst?.error.hint === undefined ? {} : { hint: worst.error.hint }),
    details: { contexts: failed.map(failure) },
  });
}

const failure = ({ context, error }: Failed): Record<string, unknown> => ({
  context,
  code: error.code,
  exit: EXIT_CODES[error.code],
  message: error.message,
  ...(error.hint === undefined ? {} : { hint: error.hint }),
});

const LISTING: Listing<Found> = {
  table: (items, wide) => {
    const { head, rows, ...table } = applicationTable(
      items.map(({ application }) => application),
      wide,
    );
    return {
      ...table,
      head: ['CONTEXT', ...head],
      rows: rows.map((row, index) => [items[index]?.context ?? '', ...row]),
    };
  },
  name: ({ context, application }) => `${context}:${qualifiedName(application)}`,
};
