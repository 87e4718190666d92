// Writes src/server/contract/generated/contract.ts from the description of Argo CD's API:
//   node scripts/generate-contract.js [argocd-api.json] [wire-fields.json] [file to write]
// Of each operation the types of its body and its answer, of each type its fields as Go knows them.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const reference = (name) => new URL(`../../shared/reference/${name}`, import.meta.url).pathname;
const { argocd, operations, definitions } = read(process.argv[2] ?? reference('argocd-api.json'));
const { messages, services } = read(process.argv[3] ?? reference('wire-fields.json'));
const target = process.argv[4] ?? new URL('../src/server/contract/generated/contract.ts', import.meta.url).pathname;

/** Texts, numbers and raw JSON of their own in Go. */
const SCALARS = {
  v1Time: 'time',
  v1MicroTime: 'time',
  v1JSON: 'json',
  v1FieldsV1: 'json',
  runtimeRawExtension: 'json',
};
/** Fields without `omitempty` that the description does not tell of. */
const ALWAYS = { v1GroupKind: ['group', 'kind'] };

const types = {};

for (const [name, definition] of Object.entries(definitions)) {
  const { properties = {} } = definition;
  if (definition.type !== 'object') continue;
  const always = [...(definition.always ?? []), ...(ALWAYS[name] ?? [])];
  types[name] = Object.fromEntries(
    inOrder(name, Object.entries(properties)).map(([field, property]) => {
      const sign = always.includes(field) ? (property.nullable ? '?' : '!') : '';
      return [field, `${typeOf(property)}${sign}`];
    }),
  );
}

const contract = Object.fromEntries(
  Object.entries(operations).map(([id, { method, path, body, response }]) => [
    `${method} ${path.replace(/\{.*?\}/g, '{}')}`,
    { body: body && typeOf(body), answer: typeOf(response), required: requiredIn(id) },
  ]),
);

/** Fields as the struct has them: its messages number them in that order. */
function inOrder(name, fields) {
  const numbered = Object.entries(messages).find(([key]) => key.split('.').slice(-2).join('') === name)?.[1] ?? {};
  const numbers = new Map(Object.entries(numbered).map(([number, field]) => [field.name, Number(number)]));
  const numberOf = ([field]) => numbers.get(field) ?? Number.MAX_SAFE_INTEGER;
  return fields.sort((a, b) => numberOf(a) - numberOf(b));
}

/** Fields without which Go's encoder refuses a request: it begins with the one of the highest number. */
function requiredIn(id) {
  const [service, call] = id.split('_');
  const calls = Object.entries(services).find(([name]) => name.endsWith(`.${service}`))?.[1] ?? {};
  const fields = Object.entries(messages[calls[call]?.request] ?? {});
  const required = fields.filter(([, { required }]) => required).sort(([a], [b]) => Number(b) - Number(a));
  return required.length > 0 ? required.map(([, { name }]) => name) : undefined;
}

/** 'string', '[]T' for a list, '{}T' for a map; '!' follows where every answer has the field, '?' where it may be null. */
function typeOf({ $ref, type, format, items, additionalProperties }) {
  if ($ref) return SCALARS[$ref] ?? (definitions[$ref]?.type === 'object' ? $ref : 'json');
  if (type === 'array') return `[]${typeOf(items)}`;
  if (type === 'object') return additionalProperties ? `{}${typeOf(additionalProperties)}` : 'json';
  if (type === 'boolean') return 'bool';
  if (type === 'integer') return format ?? 'int64';
  if (type === 'number') return 'float64';
  return format === 'int64' ? 'int64' : format === 'byte' ? 'bytes' : (type ?? 'json');
}

function read(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

mkdirSync(dirname(target), { recursive: true });
writeFileSync(
  target,
  `// Made by scripts/generate-contract.js from the API of Argo CD ${argocd}; do not edit.\nexport const CONTRACT: string = ${JSON.stringify(JSON.stringify({ types, operations: contract }))};\n`,
);
