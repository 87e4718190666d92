// The expressions of webhooks and policies of admission: what they may speak of, and of which type they have to be.

import { listAt, textAt } from '../../core/json.ts';
import { type Cause, duplicate, invalidValue, required } from '../status.ts';
import { checkExpression, checkUntyped, goType } from './cel/check.ts';
import { isLanguageLoaded, typedEnvironment } from './cel/language.ts';
import { qualifiedProblems } from './names.ts';
import { all, atMost, fields, inTurn, needed, type Rule, text } from './rules.ts';

/** Expressions see a policy's request; its params and variables where it has some. */
export interface Scope {
  readonly params: boolean;
  readonly authorizer: boolean;
  /** The types of the variables so far. */
  readonly variables: Readonly<Record<string, string>> | undefined;
}

const AUTHORIZER = 'kubernetes.authorization.Authorizer';

function environmentOf({ params, authorizer, variables }: Scope): ReturnType<typeof typedEnvironment> {
  const environment = typedEnvironment();
  for (const name of ['object', 'oldObject', 'request', 'namespaceObject', ...(params ? ['params'] : [])])
    environment.registerVariable(name, 'dyn');
  if (authorizer) environment.registerVariable('authorizer', AUTHORIZER);
  if (!variables) return environment;
  environment.registerType({ name: 'Variables', schema: { ...variables } });
  return environment.registerVariable('variables', 'Variables');
}

interface Compiled {
  readonly causes: readonly Cause[];
  readonly type: string;
}

const BY_LIBRARY: Readonly<Record<string, string>> = { bool: 'bool', string: 'string', null: 'null_type' };

/** An expression at a field, that has to be one of some types ('' for any). */
export function compile(expression: string, field: string, { scope, types, told = mustBe }: Wanted): Compiled {
  const { type = 'dyn', fault, unknown } = checkExpression(environmentOf(scope), expression);
  // What is not known here is told as the fault that it is when it is evaluated.
  if (unknown !== undefined || (fault === undefined && checkUntyped(expression).unknown !== undefined))
    return { causes: [], type: 'dyn' };
  if (fault !== undefined)
    return { causes: [invalidValue(field, expression, `compilation failed: ${fault}`)], type: 'dyn' };
  if (types.length === 0 || type === 'dyn' || types.includes(BY_LIBRARY[type] ?? type)) return { causes: [], type };
  return { causes: [invalidValue(field, expression, told(goType(type), types))], type };
}

interface Wanted {
  readonly scope: Scope;
  readonly types: readonly string[];
  /** The words for another type. */
  readonly told?: (type: string, types: readonly string[]) => string;
}

const mustBe = (_type: string, types: readonly string[]): string =>
  `must evaluate to ${types.length > 1 ? `one of [${types.join(' ')}]` : types.join('')}`;

export const expressionAt =
  (wanted: Wanted, message = ''): Rule =>
  (value, path) => {
    const expression = String(value ?? '');
    if (expression.trim() === '') return [required(path, message)];
    return isLanguageLoaded() ? [...compile(expression, path, wanted).causes] : [];
  };

export const conditions = (scope: Scope, told?: Wanted['told']): Rule =>
  all(atMost(64), (value, path) =>
    listAt(value).flatMap((condition, index, list) => {
      const field = `${path}[${index}]`;
      const name = textAt(condition, 'name');
      const isTwice = name !== '' && list.slice(0, index).some((other) => textAt(other, 'name') === name);
      return [
        ...fields({
          expression: expressionAt({ scope, types: ['bool'], ...(told ? { told } : {}) }),
          name: inTurn(needed(), text(qualifiedProblems)),
        })(condition, field),
        ...(isTwice ? [duplicate(`${field}.name`, name)] : []),
      ];
    }),
  );
