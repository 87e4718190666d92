// Writes src/objects/generated/ from the description of the built-in Kubernetes types:
//   node scripts/generate-kubernetes.js [folder with kubernetes-schema.json, -types.json and -discovery.json] [folder to write]
// Each table is kept as JSON text in a module of its own: parsing JSON is faster than running an object literal, and the
// large ones are imported only when an object is written, or spoken in protobuf.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const source = process.argv[2] ?? new URL('../../shared/reference', import.meta.url).pathname;
const target = process.argv[3] ?? new URL('../src/objects/generated', import.meta.url).pathname;
const read = (name) => JSON.parse(readFileSync(join(source, name), 'utf8'));

const schemas = read('kubernetes-schema.json');
const beside = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
const { fields: goTypes } = beside('kubernetes-go-types.json');
const { types, kinds } = read('kubernetes-types.json');
for (const [name, schema] of Object.entries(schemas))
  addZeros(schema, fieldsOf(`k8s.io.${name.slice('io.k8s.'.length)}`));
for (const [name, fields] of Object.entries(goTypes)) {
  for (const [field, type] of Object.entries(fields)) schemas[name].properties[field]['x-go-type'] = type;
}
const text = JSON.stringify(schemas).replaceAll('"#/definitions/', '"');
const resources = read('kubernetes-discovery.json');
const discovery = JSON.stringify(resources);

mkdirSync(target, { recursive: true });
write('schemas.ts', 'SCHEMAS', text);
write('resources.ts', 'RESOURCES', discovery);
write('wire.ts', 'WIRE', JSON.stringify(wireTable()));
write('columns.ts', 'COLUMN_TEXTS', JSON.stringify(beside('kubernetes-columns.json').columns));

/** The fields of a Go type by JSON name, those of embedded types with them: `embedded` names these. */
function fieldsOf(type, embedded = '') {
  return Object.fromEntries(
    Object.entries(types[type] ?? {}).flatMap(([name, field]) =>
      field.inline
        ? Object.entries(fieldsOf(field.type, [embedded, name.slice(1)].filter((part) => part !== '').join('.')))
        : [[name, { ...field, embedded }]],
    ),
  );
}

/** What the Go type says more. A field that is no pointer cannot tell its zero value from nothing; `Schema` says what becomes of the zero. */
function addZeros(schema, fields) {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const field = fields[name];
    if (field && !['', 'TypeMeta'].includes(field.embedded)) property['x-go-embedded'] = field.embedded;
    if (field && !field.pointer) property['x-go-zero'] = field.omitEmpty ? 'omit' : 'write';
  }
}

/**
 * The protobuf messages of all kinds that are served, and of what they are made of. A field is 'number name type flags', a
 * message as type is its number in the list; flags: p pointer, o left out when empty, z left out when zero, i its fields stand in
 * the object itself.
 */
function wireTable() {
  const meta = 'k8s.io.apimachinery.pkg.apis.meta.v1';
  const partial = {
    PartialObjectMetadata: { metadata: { type: `${meta}.ObjectMeta`, number: '1', omitEmpty: true } },
    PartialObjectMetadataList: {
      metadata: { type: `${meta}.ListMeta`, number: '1', omitEmpty: true },
      items: { type: `[]${meta}.PartialObjectMetadata`, number: '2' },
    },
  };
  const all = { ...types };
  for (const [name, fields] of Object.entries(partial)) all[`${meta}.${name}`] = fields;
  const messages = [];
  const numbers = new Map();
  const numberOf = (type) => {
    const known = numbers.get(type);
    if (known !== undefined) return known;
    const number = messages.length;
    numbers.set(type, number);
    messages.push('');
    messages[number] = Object.entries(all[type])
      .filter(([, field]) => field.number !== undefined)
      .sort(([, a], [, b]) => Number(a.number) - Number(b.number))
      .map(([name, field]) => fieldText(type, name, field, numberOf))
      .join(';');
    return number;
  };
  const served = Object.entries(kinds).filter(
    ([name, type]) => resources[name.slice(0, name.lastIndexOf('/'))] && !type.startsWith(meta),
  );
  const general = Object.keys(all).filter((type) => type.startsWith(`${meta}.`) && !type.endsWith('.TypeMeta'));
  return {
    kinds: Object.fromEntries(served.map(([name, type]) => [name, numberOf(type)])),
    // Options, Status, lists of groups: the same in every group.
    general: Object.fromEntries(general.map((type) => [type.slice(meta.length + 1), numberOf(type)])),
    schema: numberOf('k8s.io.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps'),
    messages,
  };
}

function fieldText(owner, name, field, numberOf) {
  const [, container, element] = /^(\[\]|map\[string\])?(.*)$/.exec(field.type);
  // Lists of texts that are types of their own are messages with one field.
  const isMessage =
    (container === 'map[string]' && element === '[]string') || (owner.endsWith('.APIResource') && name === 'verbs');
  const leaf = isMessage ? 'strings' : types[element] || element.startsWith('k8s.io') ? numberOf(element) : element;
  const prefix = container === 'map[string]' ? 'map:' : container === '[]' && !isMessage ? 'list:' : '';
  const flags = [field.pointer && 'p', field.omitEmpty && 'o', field.omitZero && 'z', field.inline && 'i'];
  return [field.number, name, `${prefix}${leaf}`, flags.filter(Boolean).join('')].join(' ');
}

function write(file, name, json) {
  const quoted = `'${json.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  writeFileSync(
    join(target, file),
    `// Generated by scripts/generate-kubernetes.js.\n\nexport const ${name} = ${quoted};\n`,
  );
}
