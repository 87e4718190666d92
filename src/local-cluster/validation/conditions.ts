// Conditions of the common form, as the status of many kinds has them.

import { listAt, numberAt, textAt } from '../../core/json.ts';
import { duplicate, invalidValue, required, unsupported } from '../status.ts';
import { labelNameCauses } from './names.ts';
import { type Rule, text } from './rules.ts';

const CONDITION_STATES = ['False', 'True', 'Unknown'];
const REASON_RULE =
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')";

/** Conditions of the common form. */
export const conditions: Rule = (value, path) => {
  const list = listAt(value);
  return list.flatMap((condition, index) => {
    const field = `${path}[${index}]`;
    const type = textAt(condition, 'type');
    const state = textAt(condition, 'status');
    const reason = textAt(condition, 'reason');
    const isTwice = list.slice(0, index).some((other) => textAt(other, 'type') === type);
    const generation = numberAt(condition, 'observedGeneration') ?? 0;
    return [
      ...(isTwice ? [duplicate(`${field}.type`, type)] : []),
      ...labelNameCauses(`${field}.type`, type),
      ...(CONDITION_STATES.includes(state) ? [] : [unsupported(`${field}.status`, state, CONDITION_STATES)]),
      ...(generation < 0
        ? [invalidValue(`${field}.observedGeneration`, generation, 'must be greater than or equal to zero')]
        : []),
      ...(textAt(condition, 'lastTransitionTime') === '' ? [required(`${field}.lastTransitionTime`)] : []),
      ...(reason === '' ? [required(`${field}.reason`)] : []),
      ...text((word) => (/^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/.test(word) ? [] : [REASON_RULE]))(
        reason,
        `${field}.reason`,
      ),
    ];
  });
};
