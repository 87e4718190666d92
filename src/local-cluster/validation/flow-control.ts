// Flow control: levels of priority, and which requests have which.

import { isObject, type Json, objectAt } from '../../core/json.ts';
import { type Cause, forbiddenField, invalidValue, required } from '../status.ts';
import { all, at, fields, known, needed, oneOf, optional, type Rule } from './rules.ts';

const percent: Rule = (value, path) =>
  typeof value === 'number' && (value < 0 || value > 100)
    ? [invalidValue(path, value, 'must be between 0 and 100, inclusive')]
    : [];

const levelShares: Rule = fields({
  nominalConcurrencyShares: (value, path) =>
    typeof value === 'number' && value < 0 ? [invalidValue(path, value, 'must be a non-negative integer')] : [],
  lendablePercent: percent,
});

const limitedLevel: Rule = all(
  levelShares,
  fields({
    borrowingLimitPercent: (value, path) =>
      typeof value === 'number' && value < 0
        ? [invalidValue(path, value, 'if specified, must be a non-negative integer')]
        : [],
    limitResponse: (value, path) => {
      const { type, queuing } = objectAt(value);
      const field = at(path, 'queuing');
      if (type === 'Reject')
        return isObject(queuing)
          ? [forbiddenField(field, 'must be nil if limited.limitResponse.type is not Limited')]
          : [];
      if (type !== 'Queue') return oneOf(['Queue', 'Reject'])(type, at(path, 'type'));
      return isObject(queuing)
        ? queues(queuing, field)
        : [required(field, 'must not be empty if limited.limitResponse.type is Limited')];
    },
  }),
);

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
  if (Number(handSize) > Number(count))
    causes.push(invalidValue(at(path, 'handSize'), handSize, `should not be greater than queues (${Number(count)})`));
  return causes;
};

export const priorityLevel: Rule = fields({
  spec: (spec, path) => {
    const { type, limited, exempt } = objectAt(spec);
    const kinds = ['Exempt', 'Limited'];
    const field = at(path, 'type');
    if (!kinds.includes(String(type))) return oneOf(kinds)(type, field);
    if (type === 'Exempt' && isObject(limited))
      return [forbiddenField(at(path, 'limited'), 'must be nil if the type is not Limited')];
    if (type === 'Limited' && isObject(exempt))
      return [forbiddenField(at(path, 'exempt'), 'must be nil if the type is Limited')];
    if (type === 'Limited' && !isObject(limited))
      return [required(at(path, 'limited'), 'must not be empty when type is Limited')];
    return type === 'Limited' ? limitedLevel(limited, at(path, 'limited')) : levelShares(exempt, at(path, 'exempt'));
  },
});

export const flowSchema: Rule = fields({
  spec: fields({
    matchingPrecedence: (value, path) =>
      Number(value ?? 0) > 0 && Number(value) <= 10_000
        ? []
        : [
            invalidValue(
              path,
              value ?? 0,
              Number(value ?? 0) > 0 ? 'must not be greater than 10000' : 'must be a positive value',
            ),
          ],
    priorityLevelConfiguration: fields({ name: needed('must reference a priority level') }),
    distinguisherMethod: optional(fields({ type: known(['ByNamespace', 'ByUser']) })),
  }),
});
