// Writes src/model/generated/argo-types.ts from the description of Argo CD's API:
//   node scripts/generate-argo.js [swagger.json] [file to write]
// Of each type of an Application, AppProject and ApplicationSet: its fields with their types, and which are deprecated.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const source = process.argv[2] ?? new URL('../../shared/reference/swagger.json', import.meta.url).pathname;
const target = process.argv[3] ?? new URL('../src/model/generated/argo-types.ts', import.meta.url).pathname;
const { definitions, info } = JSON.parse(readFileSync(source, 'utf8'));

const ROOTS = ['ApplicationSpec', 'AppProjectSpec', 'ApplicationSetSpec', 'Operation'].map((name) => `v1alpha1${name}`);
/** Types that take values of several kinds. */
const ANY = ['intstrIntOrString', 'runtimeRawExtension', 'v1JSON'];
/** Go types within others whose fields stand among those of the outer one. */
const INLINE = ['v1alpha1KustomizeResId', 'v1alpha1KustomizeGvk', 'v1alpha1SyncStrategyApply'];
const INLINED_IN = ['v1alpha1KustomizeSelector', 'v1alpha1KustomizeResId', 'v1alpha1SyncStrategyHook'];
const types = {};

for (const root of ROOTS) add(root);

function add(name) {
  if (ANY.includes(name) || types[short(name)]) return;
  types[short(name)] = {};
  for (const [field, property] of fieldsOf(name)) {
    const text = typeOf(property);
    types[short(name)][field] = /^Deprecated\b|\n\s*Deprecated\b/m.test(property.description ?? '') ? `${text}!` : text;
  }
}

function fieldsOf(name) {
  return Object.entries(definitions[name]?.properties ?? {}).flatMap(([field, property]) => {
    const inner = property.$ref?.split('/').at(-1);
    return INLINED_IN.includes(name) && INLINE.includes(inner) ? fieldsOf(inner) : [[field, property]];
  });
}

/** 'string', '[]T' for a list, '{}T' for a map, 'any'; '!' at its end is added to what is deprecated. */
function typeOf({ $ref, type, format, items, additionalProperties }) {
  if ($ref) {
    const name = $ref.split('/').at(-1);
    if (name === 'v1Time') return 'string';
    add(name);
    return ANY.includes(name) ? 'any' : short(name);
  }
  if (type === 'array') return `[]${typeOf(items)}`;
  if (type === 'object') return additionalProperties ? `{}${typeOf(additionalProperties)}` : 'any';
  return format?.startsWith('int') ? 'integer' : type;
}

function short(name) {
  return name.replace(/^(application)?v1alpha1|^v1(?=[A-Z])/, '');
}

mkdirSync(dirname(target), { recursive: true });
writeFileSync(
  target,
  `// Made by scripts/generate-argo.js from the API of ${info?.title ?? 'Argo CD'}; do not edit.\nexport const ARGO_TYPES: string = ${JSON.stringify(JSON.stringify(types))};\n`,
);
