// The columns that a definition gives its objects: values found by simple JSON paths.

import { isList, isObject, type Json, type JsonObject, listAt, textAt } from '../../core/json.ts';
import { AGE, ageOf, type Column, NAME } from './column.ts';

export function customColumns(version: JsonObject): readonly Column[] {
  const custom = listAt(version, 'additionalPrinterColumns').filter(isObject).map(columnOf);
  return custom.length > 0 ? [NAME, ...custom] : [NAME, { ...AGE, type: 'date' }];
}

function columnOf(column: JsonObject): Column {
  const path = textAt(column, 'jsonPath');
  const type = textAt(column, 'type');
  const priority = column['priority'];
  return {
    name: textAt(column, 'name'),
    type,
    format: textAt(column, 'format'),
    description: textAt(column, 'description') || `Custom resource definition column (in JSONPath format): ${path}`,
    priority: typeof priority === 'number' ? priority : 0,
    cell: (object, now) => {
      const [values] = valuesAt(object, path);
      if (type !== 'date')
        return values === undefined || isObject(values) || isList(values) ? (values ?? null) : values;
      return typeof values === 'string' ? ageOf(values, now) : null;
    },
  };
}

/** What a path like `.status.conditions[?(@.type=="Ready")].status` finds. */
function valuesAt(root: Json, path: string): Json[] {
  let values: Json[] = [root];
  for (const [, field, filter, wanted, index] of path.matchAll(
    /\.?([\w-]+(?:\\\.[\w-]+)*)|\[\?\(@\.([\w.-]+)\s*==\s*["']([^"']*)["']\)\]|\[(\d+|\*)\]/g,
  )) {
    values = values
      .flatMap((value): (Json | undefined)[] => {
        if (field !== undefined) return isObject(value) ? [value[field.replaceAll('\\.', '.')]] : [];
        if (!isList(value)) return [];
        if (filter !== undefined) return value.filter((item) => textAt(item, ...filter.split('.')) === wanted);
        return index === '*' ? [...value] : [value[Number(index)]];
      })
      .filter((value) => value !== undefined);
  }
  return values;
}
