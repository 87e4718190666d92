// Tells of an object by events: what was told before counts on. Nobody waits for them, and nothing fails for want of one.

import { numberAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { ReconcilerClient } from '../controllers/reconciler.ts';
import { newUid } from '../identity.ts';
import { isTerminating } from '../object-meta.ts';
import type { Store } from '../store/store.ts';
import { componentOf, EVENTS, eventOf, type Told, toldAgain } from './event.ts';
import { combinedKey, groupKey, recordsOf, sourceKey, wordsKey } from './records.ts';

export interface Repeats {
  /** Of what was told in these words before, nothing is told again. */
  readonly once?: boolean;
  /** Other words for the same reason count on as well. */
  readonly anyWords?: boolean;
  /** It has happened so often. */
  readonly times?: number;
  /** When it happened, in milliseconds, where it is told later. */
  readonly at?: number;
}

/** So many are kept at most: the oldest go first. */
const MOST = 5000;

export function recordEvent(client: ReconcilerClient, about: KubeObject, told: Told, repeats: Repeats = {}): void {
  const { store } = client.api;
  const namespace = about.metadata.namespace || 'default';
  const home = store.get('/namespaces', '', namespace);
  if (!home || isTerminating(home)) return;
  const records = recordsOf(store);
  const group = groupOf(about, told);
  const known = records.find(repeats.anyWords ? group : wordsKey(group, told.message));
  if (known && repeats.once) return;
  const { times = 1, at: now = client.now() } = repeats;
  const source = sourceOf(about, told);
  const message = records.correlator.take({ source, group, message: told.message }, now);
  if (message === undefined) return;
  const isCombined = message !== told.message;
  const earlier = isCombined ? records.find(combinedKey(group)) : known;
  const stamp = { uid: newUid(client.api.random), now, manager: client.manager, turn: records.turn() };
  const event = earlier
    ? toldAgain(earlier, message, { now, times })
    : counted(eventOf(about, { ...told, message, isCombined }, stamp), times);
  write(store, event, event);
  records.put(event);
  const surplus = records.oldestBeyond(MOST);
  if (surplus) write(store, surplus, undefined);
}

const counted = (event: KubeObject, times: number): KubeObject =>
  times > 1 && numberAt(event, 'count') !== undefined ? { ...event, count: times } : event;

function write(store: Store, { metadata }: KubeObject, object: KubeObject | undefined): void {
  const { name = '', namespace = '' } = metadata;
  store.commit({ resource: EVENTS, namespace, name, object }).catch(() => undefined);
}

const sourceOf = (about: KubeObject, told: Told): string =>
  sourceKey(
    componentOf(told, about),
    told.host ?? '',
    about.metadata.uid || `${about.kind}/${about.metadata.name ?? ''}`,
  );

const groupOf = (about: KubeObject, told: Told): string =>
  groupKey(sourceOf(about, told), told.fieldPath ?? '', told.reason);
