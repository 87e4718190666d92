// One change made to several applications: what fails is said at the end, and hides nothing of the others.

import { asHawserError, EXIT_CODES, HawserError } from '../../../../core/errors.ts';
import type { Context } from '../../../context.ts';
import { checkFormat, writeDocument } from '../../../output/document.ts';
import { type Chosen, chosenApplications, type Selection } from '../../../waiting/selection.ts';

export interface Change {
  readonly selection: Selection;
  readonly output: string | undefined;
  /** 'paused': what is said of each, and the name of the command. */
  readonly done: string;
  readonly command: string;
  /** Answers what is known afterwards, and the sentence for people. */
  readonly change: (chosen: Chosen) => Promise<{ readonly text: string; readonly facts: object }>;
}

export async function changeEach(
  { selection, output, done, command, change }: Change,
  context: Context,
): Promise<void> {
  if (output !== undefined) checkFormat(output, ['name', 'json', 'yaml']);
  if (selection.names.length === 0 && selection.selector === undefined && !selection.project?.length) {
    throw new HawserError('usage', `hawser app ${command} needs APPNAME or -l SELECTOR`, {
      hint: `hawser app ${command} shop`,
      reason: { kind: 'incomplete-command' },
    });
  }
  const members = await chosenApplications({ ...selection, mustFind: true }, context);
  const results: object[] = [];
  const failures: { readonly label: string; readonly error: HawserError }[] = [];
  for (const member of members) {
    try {
      const { text, facts } = await change(member);
      results.push({ name: member.label, result: done, ...facts });
      if (output === 'name') context.io.out.write(`${member.label}\n`);
      else if (output === undefined) context.io.out.write(`application '${member.label}' ${text}\n`);
    } catch (thrown) {
      if (context.signal.aborted) throw thrown;
      const error = asHawserError(thrown);
      failures.push({ label: member.label, error });
      results.push({ name: member.label, result: 'failed', error: error.message });
    }
  }
  const [first] = failures;
  if (first && members.length === 1) throw first.error;
  if (first) throw failureOf(failures, results);
  await writeDocument({ applications: results }, output ?? '', context);
}

function failureOf(
  failures: readonly { readonly label: string; readonly error: HawserError }[],
  results: readonly object[],
): HawserError {
  const [worst] = failures.map(({ error }) => error).sort((a, b) => EXIT_CODES[b.code] - EXIT_CODES[a.code]);
  const reasons = failures.map(({ label, error }) => `${label}: ${error.message}`).join('; ');
  return new HawserError(
    worst?.code ?? 'internal',
    `${failures.length} of ${results.length} applications failed: ${reasons}`,
    {
      hint: worst?.hint,
      details: { applications: results },
    },
  );
}
