// RespectIgnoreDifferences: what is ignored in a comparison is not written either, the live values stay.

import { withoutIgnored } from '../../engine/diff/compare.ts';
import { keepIgnored } from '../../engine/sync/keep-ignored.ts';
import type { Application } from '../../model/application.ts';
import { isKubeObject } from '../../objects/object.ts';
import type { ComparedResource } from '../compare.ts';
import type { Types } from '../ports.ts';

export function respectIgnored(resource: ComparedResource, app: Application, types: Types): ComparedResource {
  const { target, live } = resource;
  const rules = app.spec.ignoreDifferences ?? [];
  if (!target || !live || rules.length === 0) return resource;
  const { status: _status, ...present } = live;
  const states = {
    live: present,
    kept: withoutIgnored({ ...present, apiVersion: live.apiVersion, kind: live.kind, metadata: live.metadata }, rules),
    target: withoutIgnored(target, rules),
  };
  const wanted = keepIgnored(states, types.typeOf(target));
  return isKubeObject(wanted) ? { ...resource, target: wanted } : resource;
}
