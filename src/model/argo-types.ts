// The fields of Argo CD's own types, as its API describes them.

import { isObject, parseJson, textAt } from '../core/json.ts';
import { ARGO_TYPES } from './generated/argo-types.ts';

export interface ArgoField {
  /** 'string', 'boolean', 'integer', 'any', or the name of a type; '[]T' is a list of them, '{}T' a map to them. */
  readonly type: string;
  readonly isDeprecated: boolean;
}

const types = parseJson(ARGO_TYPES);

/** The fields of a type by name; undefined for what is no type with fields. */
export function argoFields(type: string): Readonly<Record<string, ArgoField>> | undefined {
  const fields = isObject(types) ? types[type] : undefined;
  if (!isObject(fields)) return undefined;
  return Object.fromEntries(
    Object.keys(fields).map((name) => {
      const text = textAt(fields, name);
      return [name, { type: text.replace(/!$/, ''), isDeprecated: text.endsWith('!') }];
    }),
  );
}
