// The options of a list, a watch or a delete of a collection, checked in the order in which the API does it.

import { messageOf } from '../../core/errors.ts';
import { parseFieldSelector } from '../../objects/field-selector.ts';
import { matchesLabels } from '../../objects/label-selector.ts';
import { parseLabelSelector } from '../../objects/label-selector-text.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import type { ResourceRequest } from '../api.ts';
import { readNumber } from '../query.ts';
import { badRequest, type Cause, forbiddenField, invalidOptions, unsupported } from '../status.ts';
import { selectsFields } from './selectable.ts';

export type Selects = (object: KubeObject) => boolean;

/** Refuses options that are wrong; what remains are the objects that the selectors choose. */
export function readListOptions({ kind, request: { query } }: ResourceRequest, isWatch = false): Selects {
  for (const name of ['limit', 'timeoutSeconds']) readNumber(query, name);
  const labels = readSelector(() => parseLabelSelector(query.get('labelSelector') ?? ''));
  const fields = readSelector(() => parseFieldSelector(query.get('fieldSelector') ?? ''));
  const causes = isWatch ? watchCauses(query) : listCauses(query);
  if (causes.length > 0) throw invalidOptions('ListOptions', causes);
  const hasFields = selectsFields(kind, fields);
  return (object) => matchesLabels(labels, labelsOf(object)) && hasFields(object);
}

function readSelector<T>(parse: () => T): T {
  try {
    return parse();
  } catch (thrown) {
    throw badRequest(messageOf(thrown));
  }
}

const MATCH = 'resourceVersionMatch';

const withContinue = (): Cause => forbiddenField(MATCH, `${MATCH} is forbidden when continue is provided`);

function listCauses(query: URLSearchParams): Cause[] {
  const causes: Cause[] = [];
  const match = query.get(MATCH) ?? '';
  const version = query.get('resourceVersion') ?? '';
  if (match !== '') {
    if (version === '') causes.push(forbiddenField(MATCH, `${MATCH} is forbidden unless resourceVersion is provided`));
    if ((query.get('continue') ?? '') !== '') causes.push(withContinue());
    if (match !== 'Exact' && match !== 'NotOlderThan')
      causes.push(unsupported(MATCH, match, ['Exact', 'NotOlderThan', '']));
    if (match === 'Exact' && version === '0')
      causes.push(forbiddenField(MATCH, `${MATCH} "exact" is forbidden for resourceVersion "0"`));
  }
  if (query.has('sendInitialEvents'))
    causes.push(forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  return causes;
}

function watchCauses(query: URLSearchParams): Cause[] {
  const causes: Cause[] = [];
  const match = query.get(MATCH) ?? '';
  const initial = query.get('sendInitialEvents');
  // A watch that begins with what there is asks for it in this way, also without a word.
  const isFromNow = ['', '0'].includes(query.get('resourceVersion') ?? '');
  if (initial === null && match === '' && !isFromNow) return [];
  if (initial !== null && match !== 'NotOlderThan')
    causes.push(forbiddenField(MATCH, `sendInitialEvents requires setting ${MATCH} to NotOlderThan`));
  if (initial === null && match !== '')
    causes.push(forbiddenField(MATCH, `${MATCH} is forbidden for watch unless sendInitialEvents is provided`));
  if (match !== '' && match !== 'NotOlderThan') causes.push(unsupported(MATCH, match, ['NotOlderThan']));
  if ((query.get('continue') ?? '') !== '') causes.push(withContinue());
  return causes;
}
