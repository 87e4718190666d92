import { listApplicationSets } from '../../../../api/application-sets.ts';
import type { Context } from '../../../context.ts';
import { refuseMissing } from '../../../input/missing-name.ts';

export async function refuseMissingSet(thrown: unknown, name: string, context: Context): Promise<never> {
  const { client } = await context.connect();
  const names = async (): Promise<readonly string[]> =>
    ((await client.call(listApplicationSets, {})).items ?? []).map(({ metadata }) => metadata.name);
  return refuseMissing(thrown, { what: 'ApplicationSet', name, names, list: 'hawser appset list' }, context);
}
