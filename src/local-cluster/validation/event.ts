// Events: of the past, as they were always told, and whole ones, told with the time of their kind.

import { type Json, type JsonObject, numberAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { qualifiedProblems } from '../../objects/label-names.ts';
import { type Cause, invalidValue, required } from '../status.ts';
import { asGiven, asText, asTexts } from './frozen.ts';
import { subdomainProblems } from './names.ts';
import { all, anyText, needed, orEmpty, text } from './rules.ts';

const LONGEST_WORD = 128;
const LONGEST_NOTE = 1024;
const OTHER_NAMESPACE = 'does not match event.namespace';

export function eventCauses(event: JsonObject): Cause[] {
  const isNew = isOfNewGroup(event);
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
  ];
}

const isOfNewGroup = (event: JsonObject): boolean => event['apiVersion'] === 'events.k8s.io/v1';

export const newEventCauses = (event: JsonObject): Cause[] => (isOfNewGroup(event) ? wholeCauses(event) : []);

/** An event of the new group is what happened: only its series goes on. It is told as an event of the core. */
export const eventChangeCauses = (event: JsonObject, before: JsonObject): Cause[] =>
  isOfNewGroup(event) ? [...seriesCauses(event['series']), ...frozenCauses(event, before)] : [];

const frozenCauses = (event: JsonObject, before: JsonObject): Cause[] =>
  FROZEN.flatMap(([field, told, print]) => {
    const [now, old] = [print(event[field]), print(before[field])];
    return sameJson(now, old) ? [] : [invalidValue(told, now, 'field is immutable')];
  });

const reference = asTexts({
  Kind: 'kind',
  Namespace: 'namespace',
  Name: 'name',
  UID: 'uid',
  APIVersion: 'apiVersion',
  ResourceVersion: 'resourceVersion',
  FieldPath: 'fieldPath',
});
const source = asTexts({ Component: 'component', Host: 'host' });

const FROZEN: readonly (readonly [field: string, told: string, print: (value: Json | undefined) => Json])[] = [
  ['regarding', 'involvedObject', (value) => reference(value ?? {})],
  ['reason', 'reason', asText],
  ['note', 'message', asText],
  ['deprecatedSource', 'source', (value) => source(value ?? {})],
  ['deprecatedFirstTimestamp', 'firstTimestamp', asGiven],
  ['deprecatedLastTimestamp', 'lastTimestamp', asGiven],
  ['deprecatedCount', 'count', (value) => value ?? 0],
  ['reason', 'reason', asText],
  ['type', 'type', asText],
  ['eventTime', 'eventTime', asGiven],
  ['action', 'action', asText],
  ['related', 'related', reference],
  ['reportingController', 'reportingController', asText],
  ['reportingInstance', 'reportingInstance', asText],
];

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
