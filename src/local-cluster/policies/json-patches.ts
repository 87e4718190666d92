// The JSON patches of policies: operation by operation, in the words of an API server where one fails.

import { isObject, type Json, textAt } from '../../core/json.ts';
import { jsonPatch, jsonPatchFault, TestFailedError } from '../../objects/json-patch.ts';

export class PatchError extends Error {}

/** What all copies of a patch may add, in characters: each may double what is there. */
const COPY_LIMIT = 3 * 1024 * 1024;

/** The object after the operations; a test that fails leaves it as it is. */
export function patchedBy(object: Json, operations: readonly Json[]): Json {
  let result = object;
  let copied = 0;
  for (const operation of operations) {
    if (!isObject(operation)) continue;
    let next: Json;
    try {
      next = jsonPatch(result, [operation]);
    } catch (thrown) {
      if (thrown instanceof TestFailedError) return object;
      throw new PatchError(`JSON Patch: ${jsonPatchFault(result, operation)}`);
    }
    if (operation['op'] === 'copy') {
      copied += sizeAt(result, textAt(operation, 'from'));
      if (copied > COPY_LIMIT)
        throw new PatchError(
          `JSON Patch: Unable to complete the copy, the accumulated size increase of copy is ${copied}, exceeding the limit ${COPY_LIMIT}`,
        );
    }
    result = next;
  }
  return result;
}

/** How long the value at a pointer is as text. */
function sizeAt(object: Json, from: string): number {
  const value = jsonPatch({ object, value: null }, [{ op: 'copy', from: `/object${from}`, path: '/value' }]);
  return isObject(value) ? JSON.stringify(value['value'] ?? null).length : 0;
}
