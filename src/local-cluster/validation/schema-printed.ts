// Versions and schemas of definitions as the API's own structures print them.

import { isObject, type Json, type JsonObject, listAt, objectAt } from '../../core/json.ts';

type Print = (value: Json) => Json;

const same: Print = (value) => value;
const schemas: Print = (value) => listAt(value).map(printedSchema);
const named: Print = (value) =>
  Object.fromEntries(
    Object.entries(objectAt(value))
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, one]) => [name, printedSchema(one ?? null)]),
  );
const items: Print = (value) => ({ Schema: printedSchema(value), JSONSchemas: null });
const orFlag: Print = (value) =>
  isObject(value) ? { Allows: true, Schema: printedSchema(value) } : { Allows: value, Schema: null };

/** A rule in CEL. */
export const printedRule = (rule: Json): Json => {
  const { rule: text, message, messageExpression, reason, fieldPath, optionalOldSelf } = objectAt(rule);
  return {
    Rule: text ?? '',
    Message: message ?? '',
    MessageExpression: messageExpression ?? '',
    Reason: reason ?? null,
    FieldPath: fieldPath ?? '',
    OptionalOldSelf: optionalOldSelf ?? null,
  };
};

const docs: Print = (value) => ({
  Description: objectAt(value)['description'] ?? '',
  URL: objectAt(value)['url'] ?? '',
});

/** The words of a schema in the order of the structure, each with what stands for nothing. */
const WORDS: readonly (readonly [word: string, name: string, none: Json, print?: Print])[] = [
  ['id', 'ID', ''],
  ['$schema', 'Schema', ''],
  ['$ref', 'Ref', null],
  ['description', 'Description', ''],
  ['type', 'Type', ''],
  ['nullable', 'Nullable', false],
  ['format', 'Format', ''],
  ['title', 'Title', ''],
  ['default', 'Default', null],
  ['maximum', 'Maximum', null],
  ['exclusiveMaximum', 'ExclusiveMaximum', false],
  ['minimum', 'Minimum', null],
  ['exclusiveMinimum', 'ExclusiveMinimum', false],
  ['maxLength', 'MaxLength', null],
  ['minLength', 'MinLength', null],
  ['pattern', 'Pattern', ''],
  ['maxItems', 'MaxItems', null],
  ['minItems', 'MinItems', null],
  ['uniqueItems', 'UniqueItems', false],
  ['multipleOf', 'MultipleOf', null],
  ['enum', 'Enum', null],
  ['maxProperties', 'MaxProperties', null],
  ['minProperties', 'MinProperties', null],
  ['required', 'Required', null],
  ['items', 'Items', null, items],
  ['allOf', 'AllOf', null, schemas],
  ['oneOf', 'OneOf', null, schemas],
  ['anyOf', 'AnyOf', null, schemas],
  ['not', 'Not', null, (value) => printedSchema(value)],
  ['properties', 'Properties', null, named],
  ['additionalProperties', 'AdditionalProperties', null, orFlag],
  ['patternProperties', 'PatternProperties', null, named],
  ['dependencies', 'Dependencies', null],
  ['additionalItems', 'AdditionalItems', null, orFlag],
  ['definitions', 'Definitions', null, named],
  ['externalDocs', 'ExternalDocs', null, docs],
  ['example', 'Example', null],
  ['x-kubernetes-preserve-unknown-fields', 'XPreserveUnknownFields', null],
  ['x-kubernetes-embedded-resource', 'XEmbeddedResource', false],
  ['x-kubernetes-int-or-string', 'XIntOrString', false],
  ['x-kubernetes-list-map-keys', 'XListMapKeys', null],
  ['x-kubernetes-list-type', 'XListType', null],
  ['x-kubernetes-map-type', 'XMapType', null],
  ['x-kubernetes-validations', 'XValidations', null, (value) => listAt(value).map(printedRule)],
];

export function printedSchema(schema: Json): Json {
  const given = objectAt(schema);
  return Object.fromEntries(
    WORDS.map(([word, name, none, print = same]) => {
      const value = given[word];
      return [name, value === undefined ? none : print(value)];
    }),
  );
}

/** Words that the root may not say where the status is a subresource. */
const ALLOWED = `Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations`;
const allowed = new Set(ALLOWED.split(' '));

/** What is wrong with a root beside which the status is written alone; undefined: nothing. */
export function statusRootFault(schema: JsonObject): string | undefined {
  const said = WORDS.some(([word, name, none]) => {
    const value = schema[word];
    return !allowed.has(name) && value !== undefined && value !== none;
  });
  return said
    ? `only [${ALLOWED}] fields are allowed at the root of the schema if the status subresource is enabled`
    : undefined;
}

/** Versions; what they have in common is not printed with each. */
export function printedVersions(versions: readonly JsonObject[], shared: (field: string) => boolean): Json {
  const own = (version: JsonObject, field: string, print: Print = same): Json => {
    const value = version[field];
    return value === undefined || shared(field) ? null : print(value);
  };
  return versions.map((version) => ({
    Name: version['name'] ?? '',
    Served: version['served'] ?? false,
    Storage: version['storage'] ?? false,
    Deprecated: version['deprecated'] ?? false,
    DeprecationWarning: version['deprecationWarning'] ?? null,
    Schema: own(version, 'schema', (value) => {
      const root = objectAt(value)['openAPIV3Schema'];
      return { OpenAPIV3Schema: root === undefined ? null : printedSchema(root) };
    }),
    Subresources: own(version, 'subresources', printedSubresources),
    AdditionalPrinterColumns: own(version, 'additionalPrinterColumns', (value) => listAt(value).map(printedColumn)),
    SelectableFields: own(version, 'selectableFields', (value) =>
      listAt(value).map((one) => ({ JSONPath: objectAt(one)['jsonPath'] ?? '' })),
    ),
  }));
}

const printedSubresources: Print = (value) => {
  const { status, scale } = objectAt(value);
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = objectAt(scale);
  return {
    Status: status ?? null,
    Scale: isObject(scale)
      ? {
          SpecReplicasPath: specReplicasPath ?? '',
          StatusReplicasPath: statusReplicasPath ?? '',
          LabelSelectorPath: labelSelectorPath ?? null,
        }
      : null,
  };
};

const printedColumn: Print = (column) => {
  const { name, type, format, description, priority, jsonPath } = objectAt(column);
  return {
    Name: name ?? '',
    Type: type ?? '',
    Format: format ?? '',
    Description: description ?? '',
    Priority: priority ?? 0,
    JSONPath: jsonPath ?? '',
  };
};
