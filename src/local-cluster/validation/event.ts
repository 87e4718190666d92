// Events: of the past, as they were always told, and whole ones, told with the time of their kind.

import { type Json, type JsonObject, numberAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, invalidValue, required } from '../status.ts';
import { qualifiedProblems, subdomainProblems } from './names.ts';
import { all, anyText, needed, orEmpty, text } from './rules.ts';

const LONGEST_WORD = 128;
const LONGEST_NOTE = 1024;
const OTHER_NAMESPACE = 'does not match event.namespace';

export function eventCauses(event: JsonObject): Cause[] {
  const isNew = event['apiVersion'] === 'events.k8s.io/v1';
  const about = isNew ? 'regarding' : 'involvedObject';
  const namespace = textAt(event, 'metadata', 'namespace');
  const mentioned = textAt(event, about, 'namespace');
  const isTimed = textAt(event, 'eventTime') !== '';
  const clusterNamespaces = isTimed ? ['default', 'kube-system'] : ['', 'default'];
  const isElsewhere = mentioned === '' ? !clusterNamespaces.includes(namespace) : !isTimed && mentioned !== namespace;
  return [
    ...(isNew ? text(subdomainProblems)(objectAt(event, 'metadata')['name'], 'metadata.name') : []),
    ...(isElsewhere ? [invalidValue('involvedObject.namespace', mentioned, OTHER_NAMESPACE)] : []),
    ...(isTimed ? timedCauses(event, isNew) : []),
    ...(isNew ? wholeCauses(event) : []),
  ];
}

/** Who has a time also says who he is and what he did. */
function timedCauses(event: JsonObject, isNew: boolean): Cause[] {
  const controller = isNew ? 'reportingController' : 'reportingComponent';
  const words = ['reportingInstance', 'action', 'reason'].flatMap((name) => {
    const word = textAt(event, name);
    if (word === '') return [required(name)];
    const message = `can have at most ${LONGEST_WORD} characters`;
    return word.length > LONGEST_WORD ? [invalidValue(name, '', message)] : [];
  });
  const note = textAt(event, isNew ? 'note' : 'message');
  const tooLong = invalidValue('message', '', `can have at most ${LONGEST_NOTE} characters`);
  return [
    ...all(needed(), orEmpty(anyText(qualifiedProblems)))(event[controller], controller),
    ...words,
    ...(note.length > LONGEST_NOTE ? [tooLong] : []),
  ];
}

/** A series is of more than one. */
function seriesCauses(series: Json | undefined): Cause[] {
  if (series === undefined) return [];
  return [
    ...((numberAt(series, 'count') ?? 0) < 2 ? [invalidValue('series.count', '', 'should be at least 2')] : []),
    ...(textAt(series, 'lastObservedTime') === '' ? [required('series.lastObservedTime')] : []),
  ];
}

/** In the group of events all is new: what was before must not be told. */
function wholeCauses(event: JsonObject): Cause[] {
  const type = textAt(event, 'type');
  const source = objectAt(event, 'deprecatedSource');
  const old: readonly (readonly [string, boolean])[] = [
    ['firstTimestamp', textAt(event, 'deprecatedFirstTimestamp') !== ''],
    ['lastTimestamp', textAt(event, 'deprecatedLastTimestamp') !== ''],
    ['count', (numberAt(event, 'deprecatedCount') ?? 0) !== 0],
    ['source', textAt(source, 'component') + textAt(source, 'host') !== ''],
  ];
  return [
    ...(textAt(event, 'eventTime') === '' ? [required('eventTime')] : []),
    ...seriesCauses(event['series']),
    ...(['Normal', 'Warning'].includes(type) ? [] : [invalidValue('type', '', `has invalid value: ${type}`)]),
    ...old.flatMap(([name, isSet]) => (isSet ? [invalidValue(name, '', 'needs to be unset')] : [])),
  ];
}
