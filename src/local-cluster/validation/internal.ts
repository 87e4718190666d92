// Values as causes print them that show a structure of the API server itself: by the names of its own fields, all of them.

import { isList, isObject, type Json, type JsonObject } from '../../core/json.ts';

/** A structure in a field: absent it shows as null, where the field is a pointer or a list, or else as its zero. */
interface Structure {
  readonly of: Shape;
  readonly pointer?: true;
}

/** The fields by their own names, in their order; they are read by the name that users write. */
export type Shape = Readonly<Record<string, null | string | number | boolean | Structure>>;

/** 'RunAsUser' as 'runAsUser', 'SELinuxOptions' as 'seLinuxOptions'. */
const written = (name: string): string =>
  name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+$|^[A-Z]/, (start) => start.toLowerCase());

export function internalForm(value: JsonObject, shape: Shape): Json {
  return Object.fromEntries(
    Object.entries(shape).map(([name, part]): [string, Json] => {
      const own = value[written(name)];
      if (part === null || typeof part !== 'object') return [name, own ?? part];
      if (isList(own)) return [name, own.map((item) => (isObject(item) ? internalForm(item, part.of) : item))];
      if (isObject(own)) return [name, internalForm(own, part.of)];
      return [name, part.pointer ? null : internalForm({}, part.of)];
    }),
  );
}
