// RespectIgnoreDifferences: what is ignored in a comparison is not written either, the live values stay.

import { withoutIgnored } from '../../engine/diff/ignore.ts';
import { keepIgnored } from '../../engine/sync/keep-ignored.ts';
import { isKubeObject } from '../../objects/object.ts';
import type { ComparedResource } from '../compare-pair.ts';
import type { PassContext } from './context.ts';

export async function respectIgnored(
  resource: ComparedResource,
  { types, ignore }: Pick<PassContext, 'types' | 'ignore'>,
): Promise<ComparedResource> {
  const { target, live } = resource;
  if (!target || !live || ignore.fields.length === 0) return resource;
  const { status: _status, ...rest } = live;
  const present = { ...rest, apiVersion: live.apiVersion, kind: live.kind, metadata: live.metadata };
  const [kept, wanted] = await withoutIgnored([present, target], live, ignore);
  const merged = keepIgnored({ live: present, remaining: kept, target: wanted }, types.merging(target));
  return isKubeObject(merged) ? { ...resource, target: merged } : resource;
}
