// A selector that fits more than was meant: what would change many applications asks for their number first.

import { sentFields } from '../../api/application-fields.ts';
import { listApplications } from '../../api/applications.ts';
import { HawserError } from '../../core/errors.ts';
import type { Context } from '../context.ts';
import type { Flag } from '../input/flags.ts';
import type { Chosen } from './selection.ts';

export const CONFIRM_FLAG = {
  name: 'confirm',
  type: 'uint',
  own: true,
  value: 'count',
  summary:
    'number of applications that you expect: required for more than 10, or for 10 % of all that a selector finds',
} as const satisfies Flag;

export interface BulkChange {
  /** 'sync' */
  readonly verb: string;
  readonly members: readonly Chosen[];
  /** A selector, a project or a glob found them: nobody typed their names. */
  readonly isSelection: boolean;
  readonly confirm: number | undefined;
}

/** How many may be changed without a question, and how large a part of all. */
const DEFAULT_LIMIT = 10;
const PART = 0.1;
const LISTED = 10;

/** Throws `needs-decision` where the number is missing or another one; the answer is whether it was asked for. */
export async function guardBulk(change: BulkChange, context: Context): Promise<boolean> {
  const { verb, members, confirm } = change;
  const count = members.length;
  if (confirm !== undefined) {
    if (confirm === count) return true;
    throw new HawserError(
      'needs-decision',
      `this would ${verb} ${count} applications, not ${confirm}: ${namesOf(members)}`,
      {
        hint: `--confirm ${count}, or choose others`,
        details: { count, applications: members.map(({ label }) => label) },
      },
    );
  }
  const scale = await scaleOf(change, context);
  if (scale === undefined) return false;
  if (!context.prompt.possible) {
    throw new HawserError('needs-decision', `this would ${verb} ${scale}: ${namesOf(members)}`, {
      hint: `--confirm ${count} if that is what you want`,
      details: { count, applications: members.map(({ label }) => label) },
    });
  }
  context.say(namesOf(members));
  await context.prompt.text({
    message: `This will ${verb} ${scale}. Type ${count} to go on`,
    check: (text) => text.trim() === String(count) || `type ${count}, or press Ctrl-C to cancel`,
  });
  return true;
}

/** '12 of 40 applications', where that is many; undefined where it is not. */
async function scaleOf({ members, isSelection }: BulkChange, context: Context): Promise<string | undefined> {
  const count = members.length;
  const limit = limitOf(context);
  if (count <= 1 || limit === undefined) return undefined;
  if (!isSelection) return count > limit ? `${count} applications` : undefined;
  const { client } = await context.connect();
  const { items } = await client.call(listApplications, { fields: sentFields() });
  const total = Math.max(items?.length ?? 0, count);
  return count > limit || count >= PART * total ? `${count} of ${total} applications` : undefined;
}

/** HAWSER_BULK_LIMIT: a number, or `off`. */
function limitOf({ env }: Context): number | undefined {
  const text = env['HAWSER_BULK_LIMIT'] ?? '';
  if (text === '') return DEFAULT_LIMIT;
  if (text === 'off') return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw new HawserError('usage', `invalid value '${text}' for HAWSER_BULK_LIMIT`, {
    hint: 'it takes a number of applications, or off',
  });
}

function namesOf(members: readonly Chosen[]): string {
  const names = members.slice(0, LISTED).map(({ label }) => label);
  return members.length > LISTED ? `${names.join(', ')} and ${members.length - LISTED} more` : names.join(', ');
}
