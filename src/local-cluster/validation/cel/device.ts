// Expressions that choose devices by what they say of themselves.

import type { Environment } from '@marcbachmann/cel-js';
import { type Cause, invalidValue } from '../../status.ts';
import { checkExpression, compileWords, goType } from './check.ts';
import { isLanguageLoaded, typedEnvironment } from './language.ts';

const DEVICE = 'kubernetes.DRADevice';

function deviceEnvironment(): Environment {
  return typedEnvironment()
    .registerType({
      name: DEVICE,
      schema: {
        driver: 'string',
        attributes: 'map<string, map<string, dyn>>',
        capacity: 'map<string, map<string, kubernetes.Quantity>>',
        allowMultipleAllocations: 'bool',
      },
    })
    .registerVariable('device', DEVICE);
}

let environment: Environment | undefined;

export function deviceExpressionCauses(expression: string, path: string): Cause[] {
  if (!isLanguageLoaded()) return [];
  environment ??= deviceEnvironment();
  const { type = 'dyn', fault, unknown } = checkExpression(environment, expression);
  if (unknown !== undefined) return [];
  if (fault !== undefined) return [invalidValue(path, expression, compileWords(fault))];
  return type === 'bool' || type === 'dyn'
    ? []
    : [invalidValue(path, expression, `must evaluate to bool or the unknown type, not ${goType(type)}`)];
}
