// The fields that an application ignores by jq paths.

import { HawserError } from '../../core/errors.ts';
import { isList } from '../../core/json.ts';
import type { DeleteByJq } from '../../engine/diff/ignore.ts';
import { isKubeObject } from '../../objects/object.ts';
import { createJqThread, jqReason } from './jq-thread.ts';

/** How long an expression may take, as in the reference. */
const LIMIT_MS = 1000;

export function createJq(): DeleteByJq {
  const thread = createJqThread(LIMIT_MS);

  return async (objects, expressions) => {
    const deletions = expressions.map((expression) => `(. as $whole | try del(${expression}\n) catch $whole)`);
    const answer = await thread.run(JSON.stringify(objects), `map(${deletions.join(' | ')})`);
    if (answer.error !== undefined) throw await brokenOf(expressions, answer.error);
    const changed: unknown = JSON.parse(answer.output ?? '');
    // What is not one object any more is no deletion: it stays as it was.
    return objects.map((object, index) => {
      const one: unknown = isList(changed) && changed.length === objects.length ? changed[index] : undefined;
      return isKubeObject(one) ? one : object;
    });
  };

  /** Which expression is no jq. */
  async function brokenOf(expressions: readonly string[], message: string): Promise<HawserError> {
    for (const expression of expressions) {
      const { error } = await thread.run('null', `try del(${expression}\n) catch .`);
      if (error !== undefined) return broken(expression, error);
    }
    return broken(expressions.join(', '), message);
  }
}

const broken = (expression: string, message: string): HawserError =>
  new HawserError('invalid', `jqPathExpressions: '${expression}' is no jq path: ${jqReason(message)}`, {
    hint: 'try it: jq "del(EXPRESSION)" on the live manifest',
  });
