// When the API server warns of an object: each time that it is written, when it is new, or when a part of it changes.

import { type JsonObject, objectAt, sameJson } from '../../core/json.ts';

export type Warnings = (object: JsonObject, before?: JsonObject) => readonly string[];

/** Said only of what is new. */
export const whenNew =
  (warnings: Warnings): Warnings =>
  (object, before) =>
    before ? [] : warnings(object);

/** Said of what is new, and of a change of the part at a path. */
export const whenChanged =
  (warnings: Warnings, ...path: readonly string[]): Warnings =>
  (object, before) => {
    const [field = '', ...outer] = path.toReversed();
    const part = (whole: JsonObject): JsonObject[string] => objectAt(whole, ...outer.toReversed())[field];
    return before && sameJson(part(object), part(before)) ? [] : warnings(object);
  };
