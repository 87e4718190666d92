// What the versions of a CustomResourceDefinition say: schemas, subresources, columns, fields to select by; and conversion.

import { isObject, type JsonObject, listAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { fieldType, isSchema, type Schema } from '../../objects/schema.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required } from '../status.ts';
import { clientConfig, reviewVersions } from './admission.ts';
import { atMost, fields, inTurn, items, needed, oneOf, type Rule } from './rules.ts';
import { printedSchema, statusRootFault } from './schema-printed.ts';
import { schemaCauses } from './structure.ts';

/** What the versions have in common is the definition's own: its faults are told once, where older definitions had it. */
export function sharedPartCauses(versions: readonly JsonObject[]): Cause[] {
  const [first] = versions;
  if (!first) return [];
  // Paths of fields are looked for in a schema of the definition's own.
  const version = isShared(versions, 'schema') ? first : { ...first, schema: {} };
  return PARTS.filter(([field]) => isShared(versions, field)).flatMap(([field, shared, rule]) =>
    rule(version)(first[field], `spec.${shared}`),
  );
}

/** What one of the versions says by itself. */
export const ownPartCauses = (versions: readonly JsonObject[], version: JsonObject, path: string): Cause[] =>
  PARTS.filter(([field]) => !isShared(versions, field)).flatMap(([field, , rule]) =>
    rule(version)(version[field], `${path}.${field}`),
  );

/** Whether all versions say the same in a field. */
export const isShared = (versions: readonly JsonObject[], field: string): boolean =>
  versions.every((version) => sameJson(version[field], versions[0]?.[field]));

const PARTS: readonly (readonly [field: string, shared: string, rule: (version: JsonObject) => Rule])[] = [
  ['schema', 'validation', (version) => schema(version)],
  [
    'subresources',
    'subresources',
    () => fields({ scale: (value, path) => (isObject(value) ? scale(value, path) : []) }),
  ],
  ['additionalPrinterColumns', 'additionalPrinterColumns', () => items(column)],
  ['selectableFields', 'selectableFields', selectable],
];

const schema =
  (version: JsonObject): Rule =>
  (value, path) => {
    const given = objectAt(value)['openAPIV3Schema'];
    const field = `${path}.openAPIV3Schema`;
    if (!isSchema(given) || !isObject(given)) return [];
    const hasStatus = objectAt(version, 'subresources')['status'] !== undefined;
    return [...(hasStatus ? rootCauses(given, field) : []), ...schemaCauses(given, field)];
  };

/** The root of objects whose status is written by itself. */
function rootCauses(root: JsonObject, path: string): Cause[] {
  const type = textAt(root, 'type');
  if (type !== '' && type !== 'object') {
    const message =
      'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
    return [invalidValue(`${path}.type`, type, message)];
  }
  const fault = statusRootFault(root);
  return fault === undefined ? [] : [invalidValue(path, printedSchema(root), fault)];
}

/** A path whose first steps are known. */
const simplePath =
  (roots: readonly string[], where: string): Rule =>
  (value, path) => {
    if (typeof value !== 'string' || value === '') return [];
    if (!value.startsWith('.')) return [invalidValue(path, value, 'must be a simple json path starting with .')];
    if (roots.length === 0 || roots.some((root) => value.startsWith(root))) return [];
    return [invalidValue(path, value, `should be a json path under ${where}`)];
  };

const scale: Rule = fields({
  specReplicasPath: inTurn(needed(), simplePath(['.spec.'], '.spec')),
  statusReplicasPath: inTurn(needed(), simplePath(['.status.'], '.status')),
  labelSelectorPath: simplePath(['.spec.', '.status.'], 'either .spec or .status'),
});

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];
const COLUMN_FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

const among =
  (words: readonly string[]): Rule =>
  (value, path) =>
    typeof value !== 'string' || value === '' || words.includes(value)
      ? []
      : [invalidValue(path, value, `must be one of ${words.join(',')}`)];

const column: Rule = (value, path) => [
  ...fields({
    name: needed(),
    type: inTurn(needed(`must be one of ${COLUMN_TYPES.join(',')}`), among(COLUMN_TYPES)),
    format: among(COLUMN_FORMATS),
  })(value, path),
  ...inTurn(needed(), simplePath([], ''))(objectAt(value)['jsonPath'], `${path}.JSONPath`),
];

const MOST_SELECTABLE = 8;
const SELECTABLE_TYPES = ['string', 'boolean', 'integer'];
const SELECTABLE =
  'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';

function selectable(version: JsonObject): Rule {
  const root = objectAt(version, 'schema')['openAPIV3Schema'];
  const one: Rule = (value, path) => {
    const given = textAt(value, 'jsonPath');
    const field = `${path}.jsonPath`;
    if (given === '') return [required(field)];
    const found = isSchema(root) ? schemaAt(root, given) : 'does not refer to a valid field';
    if (typeof found === 'string') return [invalidValue(field, given, `is an invalid path: ${found}`)];
    return [
      ...(given.startsWith('.metadata') ? [invalidValue(field, given, 'must not point to fields in metadata')] : []),
      ...(SELECTABLE_TYPES.includes(found.type ?? '') ? [] : [invalidValue(field, given, SELECTABLE)]),
    ];
  };
  return (value, path) => {
    const paths = listAt(value).map((field) => textAt(field, 'jsonPath'));
    if (paths.length > 0 && !isSchema(root))
      return [invalidValue(path, '', path === 'spec.selectableFields' ? NO_SHARED_SCHEMA : NO_SCHEMA)];
    return [
      ...items((field, place) => {
        const index = Number(/\[(\d+)\]$/.exec(place)?.[1]);
        const given = paths[index] ?? '';
        const again = given !== '' && paths.indexOf(given) < index;
        return [...one(field, place), ...(again ? [duplicate(`${place}.jsonPath`, given)] : [])];
      })(value, path),
      ...atMost(MOST_SELECTABLE)(value, path),
    ];
  };
}

const NO_SHARED_SCHEMA = 'may only be set when validations.schema is included';
const NO_SCHEMA = 'may only be set when `version.schema.openAPIV3Schema` is not included';

/** The schema that a path leads to, or what is wrong with the path. */
function schemaAt(root: Schema, path: string): Schema | string {
  if (path.includes('[')) return 'array notation is not allowed';
  if (!path.startsWith('.')) return `expected [ or . but got: ${path.split('.')[0]}`;
  let found: Schema | undefined = root;
  for (const name of path.slice(1).split('.')) {
    if (name === '') return 'unexpected end of JSON path';
    found = fieldType({ schema: found, resolve: (one) => one }, name).schema;
    if (found === undefined) return 'does not refer to a valid field';
  }
  return found;
}

const NO_WEBHOOK = 'should not be set when strategy is not set to Webhook';

export const conversion: Rule = (value, path) => {
  if (!isObject(value)) return [];
  const webhook = objectAt(value, 'webhook');
  const [client, reviews] = [webhook['clientConfig'], webhook['conversionReviewVersions']];
  const [clientField, reviewsField] = [`${path}.webhookClientConfig`, `${path}.conversionReviewVersions`];
  const isThere = client !== undefined && client !== null;
  return [
    ...oneOf(['None', 'Webhook'])(value['strategy'], `${path}.strategy`),
    ...(value['strategy'] === 'Webhook'
      ? [
          ...(isThere
            ? clientConfig(client, clientField)
            : [required(clientField, 'required when strategy is set to Webhook')]),
          ...reviewVersions()(reviews, reviewsField),
        ]
      : [
          ...(isThere ? [forbiddenField(clientField, NO_WEBHOOK)] : []),
          ...(listAt(reviews).length > 0 ? [forbiddenField(reviewsField, NO_WEBHOOK)] : []),
        ]),
  ];
};
