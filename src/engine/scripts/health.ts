// The health that a script gives an object.

import { isObject, textAt } from '../../core/json.ts';
import { HEALTH_STATUSES } from '../../model/application.ts';
import { health, type ResourceHealth } from '../health/check.ts';
import { type ScriptOutcome, wrongType } from './scripts.ts';

/** Nothing, and a table without anything, say nothing of the health. */
export function scriptedHealth(outcome: ScriptOutcome): ResourceHealth | undefined {
  if ('error' in outcome) return health('Unknown', outcome.error);
  if (outcome.type === 'nil') return undefined;
  if (outcome.type !== 'table') return health('Unknown', wrongType(outcome.type));
  const { value } = outcome;
  if (!isObject(value) || Object.keys(value).length === 0) return undefined;
  const status = HEALTH_STATUSES.find((each) => each === value['status']);
  if (status) return health(status, textAt(value, 'message'));
  return health('Unknown', 'Lua returned an invalid health status');
}
