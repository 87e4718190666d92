// Requests for certificates: who asks, and when it was decided.

import { listAt, textAt } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import { type Draft, draftOf, each, present, within } from '../../objects/draft.ts';
import type { PrepareContext } from './context.ts';

/** Who asks is who sends; what was asked stays. */
export function prepareSigningRequest(object: Draft, { api, before, settings }: PrepareContext): void {
  if (before) {
    object['spec'] = within(draftOf(before), 'spec');
    const time = timestamp(api.clock.now());
    for (const condition of each(present(object, 'status'), 'conditions')) {
      const old = listAt(before, 'status', 'conditions').find(
        (one) => textAt(one, 'type') === condition['type'] && textAt(one, 'status') === condition['status'],
      );
      condition['lastUpdateTime'] ??= time;
      condition['lastTransitionTime'] ??= textAt(old, 'lastTransitionTime') || time;
    }
    return;
  }
  const { name, uid, groups } = settings.user;
  const spec = within(object, 'spec');
  for (const field of ['uid', 'extra']) delete spec[field];
  spec['username'] = name;
  spec['groups'] = [...groups];
  if (uid !== undefined && uid !== '') spec['uid'] = uid;
}
