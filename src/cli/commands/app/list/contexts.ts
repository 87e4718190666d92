// One list of several servers. A server that does not answer is told, and does not hide the others.

import { asHawserError } from '../../../../core/errors.ts';
import type { Context } from '../../../context.ts';
import { writeDocument } from '../../../output/document.ts';
import { formatList } from '../../../output/list.ts';
import { type Failed, type Found, failure, type ListedContext, WITH_CONTEXTS, worstOf } from './listed-contexts.ts';
import { fetchChosen, type ListPlan } from './plan.ts';

export async function listContexts(
  contexts: readonly ListedContext[],
  plan: ListPlan,
  context: Context,
): Promise<void> {
  const answers = await Promise.all(contexts.map((listed) => ask(listed, plan)));
  const applications = answers.flatMap((answer) => ('found' in answer ? answer.found : []));
  const failed = answers.flatMap((answer) => ('failed' in answer ? [answer.failed] : []));
  if (failed.length === contexts.length) throw worstOf(failed);
  for (const { context: name, error } of failed) context.say(`warning: context '${name}': ${error.message}`);
  const { format, headers, columns } = plan;
  if (format.name === 'json' || format.name === 'yaml') {
    const items = applications.map(({ context: name, application }) => ({ context: name, ...application }));
    await writeDocument({ items, errors: failed.map(failure) }, format.name, context);
    return;
  }
  context.io.out.write(
    await formatList(applications, { format, headers, columns, view: await context.view(), listing: WITH_CONTEXTS }),
  );
}

type ContextList = { readonly found: readonly Found[] } | { readonly failed: Failed };

async function ask({ name, open }: ListedContext, plan: ListPlan): Promise<ContextList> {
  try {
    const { applications } = await fetchChosen(await open(), plan);
    return { found: applications.map((application) => ({ context: name, application })) };
  } catch (thrown) {
    return { failed: { context: name, error: asHawserError(thrown) } };
  }
}
