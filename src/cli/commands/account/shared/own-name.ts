import { getUserInfo } from '../../../../api/sessions.ts';
import { HawserError } from '../../../../core/errors.ts';
import type { Context } from '../../../context.ts';

/** The account that the current login is for. */
export async function ownName(context: Context): Promise<string> {
  const { client } = await context.connect();
  const { username } = await client.call(getUserInfo, {});
  if (username) return username;
  throw new HawserError('not-logged-in', 'not logged in', { hint: 'hawser login SERVER' });
}
