// Whom a token speaks of.

import { isList, type JsonObject, textAt } from '../../core/json.ts';
import type { Subject } from './access.ts';

/** The name, which Dex keeps from the provider behind it, and the groups that the claims of these scopes name. */
export function subjectOf(claims: JsonObject, scopes: readonly string[]): Subject {
  const groups = scopes.flatMap((scope) => {
    const value = claims[scope];
    if (typeof value === 'string') return [value];
    return isList(value) ? value.filter((each) => typeof each === 'string') : [];
  });
  return { name: textAt(claims, 'federated_claims', 'user_id') || textAt(claims, 'sub'), groups };
}
