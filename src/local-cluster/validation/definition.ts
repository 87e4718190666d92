// CustomResourceDefinitions: their names, the version that stores, and schemas that say all of an object's structure.

import { isObject, type Json, type JsonObject, listAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { areRegExpsLoaded, regExpFault } from '../../core/regexp.ts';
import { isSchema, type Schema } from '../../objects/schema.ts';
import { type Cause, forbiddenField, invalidValue, required, unsupported } from '../status.ts';
import { examineRules } from './cel/definition.ts';
import { labelProblems, serviceProblems, subdomainProblems } from './names.ts';
import { fields, inTurn, items, needed, oneOf, type Rule, text } from './rules.ts';

const kindProblems = (kind: string): readonly string[] => serviceProblems(kind.toLowerCase());

const names: Rule = fields({
  plural: inTurn(needed(), text(serviceProblems)),
  singular: text(serviceProblems),
  kind: inTurn(needed(), text(kindProblems)),
  listKind: text(kindProblems),
  shortNames: items(text(serviceProblems)),
  categories: items(text(serviceProblems)),
});

export function definitionCauses(object: JsonObject): Cause[] {
  const spec = objectAt(object, 'spec');
  const [group, plural, name] = [
    textAt(spec, 'group'),
    textAt(spec, 'names', 'plural'),
    textAt(object, 'metadata', 'name'),
  ];
  const versions = listAt(spec, 'versions').filter(isObject);
  const wrongName = name !== `${plural}.${group}`;
  const dotless = group !== '' && !group.includes('.');
  return [
    ...(wrongName ? [invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group')] : []),
    ...fields({ group: inTurn(needed(), text(subdomainProblems)) })(spec, 'spec'),
    ...(dotless ? [invalidValue('spec.group', group, 'should be a domain with at least one dot')] : []),
    ...oneOf(['Cluster', 'Namespaced'])(spec['scope'], 'spec.scope'),
    ...(versions.length === 0 ? [required('spec.versions', 'must have at least one version')] : []),
    ...versionsCauses(versions),
    ...names(spec['names'], 'spec.names'),
    ...versions.flatMap((version, index) => schemaCauses(version, `spec.versions[${index}]`)),
  ];
}

function versionsCauses(versions: readonly JsonObject[]): Cause[] {
  const texts = versions.map((version) => textAt(version, 'name'));
  const repeated = texts.some((name, index) => texts.indexOf(name) < index);
  const storing = versions.filter((version) => version['storage'] === true).length;
  const one = 'must have exactly one version marked as storage version';
  return [
    ...texts.flatMap((name, index) => text(labelProblems)(name, `spec.versions[${index}].name`)),
    ...(repeated ? [invalidValue('spec.versions', versions, 'must contain unique version names')] : []),
    ...(storing === 1 ? [] : [invalidValue('spec.versions', versions, one)]),
  ];
}

function schemaCauses(version: JsonObject, path: string): Cause[] {
  const schema = objectAt(version, 'schema')['openAPIV3Schema'];
  const field = `${path}.schema.openAPIV3Schema`;
  if (!isSchema(schema)) return [required(field, 'schemas are required')];
  const root = schema.type === 'object' ? [] : [rootCause(schema.type, field)];
  return [...root, ...structureCauses(schema, field, false), ...examineRules(schema, field).faults];
}

const rootCause = (type: string | undefined, field: string): Cause =>
  type === undefined || type === ''
    ? required(`${field}.type`, 'must not be empty at the root')
    : invalidValue(`${field}.type`, type, 'must be object at the root');

/** What the cluster writes by itself is not looked at: RE2 is loaded with the first write of a client. */
const patternFault = (pattern: string): string | undefined =>
  pattern === '' || !areRegExpsLoaded() ? undefined : regExpFault(pattern);

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

/** Each value must have a type, each list its items; what would make a structure of two is refused. */
function structureCauses(schema: Schema, path: string, isInner: boolean): Cause[] {
  const { type, items: inner, additionalProperties: rest, properties } = schema;
  const isFree =
    schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  const causes: Cause[] = [];
  if ((type ?? '') === '') {
    if (isInner && !isFree) causes.push(required(`${path}.type`, 'must not be empty for specified object fields'));
  } else if (!TYPES.includes(String(type))) causes.push(unsupported(`${path}.type`, type, TYPES));
  if (type === 'array' && !isSchema(inner)) causes.push(required(`${path}.items`, 'must be specified'));
  if (properties && rest !== undefined && rest !== false)
    causes.push(
      forbiddenField(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'),
    );
  if (isObject(schema) && schema['uniqueItems'] === true)
    causes.push(
      forbiddenField(
        `${path}.uniqueItems`,
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ),
    );
  const fault = patternFault(textAt(schema, 'pattern'));
  if (fault !== undefined)
    causes.push(
      invalidValue(
        `${path}.pattern`,
        textAt(schema, 'pattern'),
        `must be a valid regular expression, but isn't: ${fault}`,
      ),
    );
  if (schema.$ref !== undefined) causes.push(forbiddenField(`${path}.$ref`, '$ref is not supported'));
  return [
    ...causes,
    ...Object.entries(properties ?? {}).flatMap(([name, one]) =>
      structureCauses(one, `${path}.properties[${name}]`, true),
    ),
    ...(isSchema(inner) ? structureCauses(inner, `${path}.items`, true) : []),
    ...(isSchema(rest) ? structureCauses(rest, `${path}.additionalProperties`, true) : []),
  ];
}

const LONGEST_WARNING = 200;

/** Warnings travel in a header, which must not be long. */
const cut = (text: string): string => (text.length > LONGEST_WARNING ? `${text.slice(0, LONGEST_WARNING)}…` : text);

/** What a definition says that this cluster does not do. */
export function definitionWarnings(object: JsonObject): readonly string[] {
  return listAt(object, 'spec', 'versions').flatMap((version) => {
    const schema: Json | undefined = objectAt(version, 'schema')['openAPIV3Schema'];
    if (!isSchema(schema)) return [];
    return examineRules(schema, '').unknown.map((rule) => `this cluster does not check the rule ${cut(rule)}`);
  });
}

/** The group, kind and scope of a definition are for good once objects may be there. */
export function definitionChangeCauses(object: JsonObject, before: JsonObject): Cause[] {
  return [['group'], ['scope'], ['names', 'kind'], ['names', 'plural']].flatMap((path) => {
    const [field = '', ...outer] = path.toReversed();
    const [now, old] = [object, before].map((one) => objectAt(one, 'spec', ...outer.toReversed())[field]);
    return sameJson(now, old) ? [] : [invalidValue(`spec.${path.join('.')}`, now, 'field is immutable')];
  });
}
