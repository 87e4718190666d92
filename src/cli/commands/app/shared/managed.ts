import { getApplication, managedResources } from '../../../../api/applications.ts';
import { HawserError } from '../../../../core/errors.ts';
import type { ManagedResource } from '../../../../model/resource.ts';
import type { Context } from '../../../context.ts';

interface Managed {
  readonly applicationName: string;
  readonly appNamespace?: string;
  readonly project?: string;
}

/** What an application manages. Of one that cannot be compared a server tells nothing: that is not the same as nothing. */
export async function managedBy(application: Managed, context: Context): Promise<readonly ManagedResource[]> {
  const { client } = await context.connect();
  const { items = [] } = await client.call(managedResources, application);
  if (items.length > 0) return items;
  const { applicationName: name, ...place } = application;
  const { status } = await client.call(getApplication, { name, ...place });
  const errors = (status?.conditions ?? []).filter(({ type }) => type.endsWith('Error')).map(({ message }) => message);
  if (errors.length > 0 && status?.sync?.status === 'Unknown')
    context.policy.own.refuse(new HawserError('invalid', `'${name}' cannot be compared: ${errors.join('; ')}`));
  return items;
}
