// Every change of one field of an object that its type's schema suggests: left out, wrong in type, range, form, repeated.

const LONG = 'a'.repeat(70);
const LONGER = 'a'.repeat(300);

/** Texts that break one rule or another, or none. */
const TEXTS = ['', 'Bad_Value!', LONG, LONGER, 'x y', 'valid-name', 'a.b/c', 5];
const WHOLE = [-1, 0, 1, 7, 65536, 2147483647, 2147483648, 'x', 1.5];
const WHOLE_OR_TEXT = [-1, 0, 70000, '0', 'foo', '150%', '-5%', '10%', 'Bad_Name!', ''];
const QUANTITIES = ['-1', '0', 'abc', 1.5, '1.5Gi', '1m', '', '100'];
const TIMES = ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.123456Z', 'bad', ''];
const LISTS_OF_TEXTS = [
  [''],
  ['Bad_Value!'],
  ['a', 'a'],
  ['x y'],
  ['10.0.0.0/8'],
  ['10.0.0.1'],
  ['::1'],
  ['*'],
  ['*', 'a'],
];
const KEYS = ['Bad Key!', 'a/b/c', 'ok.io/x', LONG, '', 'cpu'];

const nameOf = (schema) => schema?.$ref?.replace('#/definitions/', '') ?? '';

/** Steps to a field, the last one its name; undefined as value takes it away. */
export function* mutationsOf(object, type, { definitions, isSkipped, isStatus = false }) {
  for (const { path, schema, value } of fieldsOf(object, { $ref: type }, { definitions, isSkipped })) {
    if (['apiVersion', 'kind'].includes(path[0]) || (path[0] === 'status') !== isStatus) continue;
    if (value !== undefined) yield { path, value: undefined };
    for (const other of valuesFor(schema, value, definitions)) yield { path, value: other };
    if (resolved(schema, definitions).properties) yield { path: [...path, 'unknownField'], value: 1 };
  }
}

/** The object with the change. */
export function mutated(object, { path, value }) {
  const copy = structuredClone(object);
  let inner = copy;
  for (const [index, step] of path.slice(0, -1).entries()) {
    inner[step] ??= typeof path[index + 1] === 'number' ? [] : {};
    inner = inner[step];
  }
  if (value === undefined) delete inner[path.at(-1)];
  else inner[path.at(-1)] = value;
  return copy;
}

/** The object as a change of what is stored in a version, which it names unless that is what is changed in it. */
export function versioned(object, path, version) {
  if (version === undefined || path.at(-1) === 'resourceVersion' || !object.metadata?.name) return object;
  return { ...object, metadata: { ...object.metadata, resourceVersion: version } };
}

const resolved = (schema, definitions) => (schema?.$ref ? definitions[nameOf(schema)] : schema) ?? {};

/** Two structures deep where the object has none, and no type inside itself more than once. */
function* fieldsOf(object, root, { definitions, isSkipped }) {
  const todo = [{ schema: root, at: [], value: object, absent: 0, inside: [] }];
  while (todo.length > 0) {
    const { schema, at, value, absent, inside } = todo.shift();
    const name = nameOf(schema);
    if (inside.filter((other) => other === name).length > 1) continue;
    for (const [key, property] of Object.entries(resolved(schema, definitions).properties ?? {})) {
      const path = [...at, key];
      if (isSkipped(path.filter((step) => typeof step === 'string').join('.'))) continue;
      const own = value?.[key];
      yield { path, schema: property, value: own };
      const deeper = { absent: absent + (own === undefined ? 1 : 0), inside: name === '' ? inside : [...inside, name] };
      if (deeper.absent > 2) continue;
      const { type, items, properties } = resolved(property, definitions);
      if (properties) todo.push({ ...deeper, schema: property, at: path, value: own });
      if (type !== 'array' || !resolved(items, definitions).properties) continue;
      const count = Array.isArray(own) ? own.length : 1;
      for (let index = 0; index < count; index += 1) {
        todo.push({ ...deeper, schema: items, at: [...path, index], value: own?.[index] });
      }
    }
  }
}

function valuesFor(schema, value, definitions) {
  const { type, format, enum: known = [], items, additionalProperties } = resolved(schema, definitions);
  const name = nameOf(schema);
  if (name.endsWith('.Quantity')) return QUANTITIES;
  if (name.endsWith('.IntOrString')) return WHOLE_OR_TEXT;
  if (format === 'date-time') return TIMES;
  if (type === 'string') return [...TEXTS, ...known];
  if (type === 'integer') return WHOLE;
  if (type === 'boolean') return [true, false, 'x'];
  if (type === 'array') return listsFor(items, value, definitions);
  if (type === 'object' && additionalProperties) return mapsFor(additionalProperties, definitions);
  return [{}, null, 'x'];
}

function listsFor(items, value, definitions) {
  const isText = resolved(items, definitions).type === 'string';
  const repeated = Array.isArray(value) && value.length > 0 ? [[...value, value[0]]] : [];
  return [[], null, [null], {}, ...(isText ? LISTS_OF_TEXTS : [[{}]]), ...repeated];
}

function mapsFor(values, definitions) {
  const isQuantity = nameOf(values).endsWith('.Quantity');
  const { type } = resolved(values, definitions);
  const plain = isQuantity ? '1' : type === 'object' ? {} : type === 'array' ? ['x'] : 'x';
  return [{}, ...KEYS.map((key) => ({ [key]: plain })), { a: isQuantity ? '-1' : 'BAD VALUE!' }, { a: null }];
}
