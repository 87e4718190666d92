// Flow control: levels of priority, and which requests have which.

import { isObject, type Json, objectAt, textAt } from '../../core/json.ts';
import { type Cause, forbiddenField, invalidValue, required, unsupported } from '../status.ts';
import { at, fields, type Rule } from './rules.ts';

/** The name of what nothing limits. */
const EXEMPT = 'exempt';

const percent: Rule = (value, path) =>
  typeof value === 'number' && (value < 0 || value > 100)
    ? [invalidValue(path, value, 'must be between 0 and 100, inclusive')]
    : [];

const shares: Rule = (value, path) =>
  typeof value === 'number' && value < 0 ? [invalidValue(path, value, 'must be a non-negative integer')] : [];

const exemptLevel: Rule = fields({ nominalConcurrencyShares: shares, lendablePercent: percent });

const limitResponse: Rule = (value, path) => {
  const { type, queuing } = objectAt(value);
  const field = at(path, 'queuing');
  if (type === 'Reject')
    return isObject(queuing) ? [forbiddenField(field, 'must be nil if limited.limitResponse.type is not Limited')] : [];
  if (type !== 'Queue') return [unsupported(at(path, 'type'), type ?? '', ['Queue', 'Reject'])];
  return isObject(queuing)
    ? queues(queuing, field)
    : [required(field, 'must not be empty if limited.limitResponse.type is Limited')];
};

const limitedLevel: Rule = fields({
  nominalConcurrencyShares: shares,
  limitResponse,
  lendablePercent: percent,
  borrowingLimitPercent: (value, path) =>
    typeof value === 'number' && value < 0
      ? [invalidValue(path, value, 'if specified, must be a non-negative integer')]
      : [],
});

const MOST_QUEUES = 10_000_000;

const queues: Rule = (value, path) => {
  const { queueLengthLimit, queues: count, handSize } = objectAt(value);
  const lacking = (number: Json | undefined): boolean => typeof number !== 'number' || number <= 0;
  const causes: Cause[] = [];
  for (const [field, number] of [
    ['queueLengthLimit', queueLengthLimit],
    ['queues', count],
    ['handSize', handSize],
  ] as const)
    if (lacking(number)) causes.push(invalidValue(at(path, field), number ?? 0, 'must be positive'));
  if (Number(count) > MOST_QUEUES)
    causes.push(invalidValue(at(path, 'queues'), count, `must not be greater than ${MOST_QUEUES}`));
  return [...causes, ...handCauses(Number(count), Number(handSize), at(path, 'handSize'))];
};

/** Bits of a request's hash, by which its queues are dealt. */
const HASH_BITS = 60;

function handCauses(queues: number, hand: number, path: string): Cause[] {
  if (hand > queues) return [invalidValue(path, hand, `should not be greater than queues (${queues})`)];
  if (Math.ceil(Math.log2(queues) * hand) <= HASH_BITS || queues <= 0) return [];
  const message = `required entropy bits of deckSize ${queues} and handSize ${hand} should not be greater than ${HASH_BITS}`;
  return [invalidValue(path, hand, message)];
}

const LEVELS = ['Exempt', 'Limited'];

const levelSpec: Rule = (spec, path) => {
  const { type, limited, exempt } = objectAt(spec);
  const field = at(path, 'limited');
  if (!LEVELS.includes(String(type))) return [unsupported(at(path, 'type'), type ?? '', LEVELS)];
  if (type === 'Exempt')
    return [
      ...exemptLevel(exempt, at(path, 'exempt')),
      ...(isObject(limited) ? [forbiddenField(field, 'must be nil if the type is not Limited')] : []),
    ];
  return [
    ...(isObject(exempt) ? [forbiddenField(at(path, 'exempt'), 'must be nil if the type is Limited')] : []),
    ...(isObject(limited) ? limitedLevel(limited, field) : [required(field, 'must not be empty when type is Limited')]),
  ];
};

export const priorityLevel: Rule = (object, path) => {
  const { metadata, spec } = objectAt(object);
  const type = textAt(spec, 'type');
  const isOther = LEVELS.includes(type) && (textAt(metadata, 'name') === EXEMPT) !== (type === 'Exempt');
  const message = "must be 'Exempt' if and only if `name` is 'exempt'";
  return [...(isOther ? [invalidValue('spec.type', type, message)] : []), ...fields({ spec: levelSpec })(object, path)];
};
