// CustomResourceDefinitions: their names, the version that stores, and who lets them be.

import { isObject, type Json, type JsonObject, listAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { isSchema } from '../../objects/schema.ts';
import { type Cause, invalidValue, required } from '../status.ts';
import { unknownRules } from './cel/definition.ts';
import { conversion, isShared, ownPartCauses, sharedPartCauses } from './definition-parts.ts';
import { isRecognized } from './formats.ts';
import { serviceProblems, subdomainProblems } from './names.ts';
import { fields, inTurn, items, needed, oneOf, type Rule, text } from './rules.ts';
import { printedVersions } from './schema-printed.ts';

const joined = (problems: (value: string) => readonly string[], before = ''): Rule =>
  text((value) => {
    const found = problems(value);
    return found.length > 0 ? [`${before}${found.join(',')}`] : [];
  });

const label = joined(serviceProblems);
/** A text that has to be a label also where it is empty. */
const exactLabel: Rule = (value, path) =>
  serviceProblems(String(value ?? '')).map((problem) => invalidValue(path, value ?? '', problem));
const kindName = joined(
  (kind) => serviceProblems(kind.toLowerCase()),
  'may have mixed case, but should otherwise match: ',
);

/** The names of a definition, each by what is asked of its first and of its other forms. */
const namesBy =
  (first: Rule, kind: Rule): Rule =>
  (value, path) => {
    const [own, listKind] = [textAt(value, 'kind'), textAt(value, 'listKind')];
    return [
      ...fields({ plural: first, singular: first, kind, listKind: kind, shortNames: items(exactLabel) })(value, path),
      ...(own !== '' && own === listKind
        ? [invalidValue(`${path}.listKind`, listKind, 'kind and listKind may not be the same')]
        : []),
      ...items(exactLabel)(objectAt(value)['categories'], `${path}.categories`),
    ];
  };

const names = namesBy(inTurn(needed(), label), inTurn(needed(), kindName));

/** What is accepted may have no names yet. */
export const definitionStatusCauses = (object: JsonObject): Cause[] =>
  namesBy(label, kindName)(objectAt(object, 'status')['acceptedNames'], 'status.acceptedNames');

function definitionCauses(object: JsonObject): Cause[] {
  const spec = objectAt(object, 'spec');
  const group = textAt(spec, 'group');
  const versions = listAt(spec, 'versions').filter(isObject);
  const dotless = group !== '' && subdomainProblems(group).length === 0 && !group.includes('.');
  return [
    ...fields({ group: inTurn(needed(), joined(subdomainProblems)) })(spec, 'spec'),
    ...(dotless ? [invalidValue('spec.group', group, 'should be a domain with at least one dot')] : []),
    ...oneOf(['Cluster', 'Namespaced'])(spec['scope'], 'spec.scope'),
    ...versionsCauses(spec['versions'], versions),
    ...text(serviceProblems)(versions[0]?.['name'], 'spec.version'),
    ...names(spec['names'], 'spec.names'),
    ...sharedPartCauses(versions),
    ...(spec['preserveUnknownFields'] === true && versions.some(hasDefaults) ? [NO_DEFAULTS] : []),
    ...conversion(spec['conversion'], 'spec.conversion'),
    ...(spec['preserveUnknownFields'] === true ? [invalidValue('spec.preserveUnknownFields', true, PRESERVE)] : []),
    ...storedCauses(versions, objectAt(object, 'status')['storedVersions']),
  ];
}

/** One version stores: of others that say so, the last is asked for. */
function storedCauses(versions: readonly JsonObject[], stored: Json | undefined): Cause[] {
  const [, ...others] = versions.filter((version) => version['storage'] === true);
  const last = others.at(-1);
  if (!last) return [];
  return [
    invalidValue('status.storedVersions', stored ?? null, `must have the storage version ${textAt(last, 'name')}`),
  ];
}

const NO_DEFAULTS = invalidValue(
  'spec.preserveUnknownFields',
  true,
  'must be false in order to use defaults in the schema',
);

/** Whether the schema of a version fills anything in. */
const hasDefaults = (version: JsonObject): boolean => {
  const holds = (schema: Json | undefined): boolean =>
    isObject(schema) &&
    (schema['default'] !== undefined ||
      [schema['items'], schema['additionalProperties'], ...Object.values(objectAt(schema, 'properties'))].some(holds));
  return holds(objectAt(version, 'schema')['openAPIV3Schema']);
};

const NEVER_STORED = invalidValue('status.storedVersions', null, 'must have at least one stored version');

const PRESERVE =
  'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';

function versionsCauses(given: Json | undefined, versions: readonly JsonObject[]): Cause[] {
  const texts = versions.map((version) => textAt(version, 'name'));
  const repeated = texts.some((name, index) => texts.indexOf(name) < index);
  const storing = versions.filter((version) => version['storage'] === true).length;
  const one = 'must have exactly one version marked as storage version';
  const refuse = (message: string): Cause =>
    invalidValue(
      'spec.versions',
      versions.length > 0 ? printedVersions(versions, (field) => isShared(versions, field)) : (given ?? null),
      message,
    );
  return [
    ...versions.flatMap((version, index) =>
      isSchema(objectAt(version, 'schema')['openAPIV3Schema'])
        ? []
        : [required(`spec.versions[${index}].schema.openAPIV3Schema`)],
    ),
    ...versions.flatMap((version, index) => {
      const path = `spec.versions[${index}]`;
      return [
        ...exactLabel(version['name'], `${path}.name`),
        ...deprecation(version, `${path}.deprecationWarning`),
        ...ownPartCauses(versions, version, path),
      ];
    }),
    ...(repeated ? [refuse('must contain unique version names')] : []),
    ...(storing === 1 ? [] : [refuse(one)]),
  ];
}

const LONGEST_DEPRECATION = 256;

/** What clients of an old version are told. */
const deprecation = ({ deprecated, deprecationWarning: warning }: JsonObject, path: string): Cause[] => {
  if (typeof warning !== 'string') return [];
  const refuse = (message: string): Cause[] => [invalidValue(path, warning, message)];
  if (deprecated !== true) return refuse('can only be set for deprecated versions');
  if (warning === '') return refuse('must not be an empty string');
  if (warning.length > LONGEST_DEPRECATION) return refuse(`must be <= ${LONGEST_DEPRECATION} characters long`);
  const at = warning.search(/[^\P{C}]/u);
  return at < 0
    ? []
    : refuse(`must only contain printable UTF-8 characters; non-printable character found at index ${at}`);
};

const APPROVED = 'api-approved.kubernetes.io';
const MUST_APPROVE = `protected groups must have approval annotation "${APPROVED}"`;
const SEE = 'see https://github.com/kubernetes/enhancements/pull/1111';

interface Approval {
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

/** Groups of the community's own must say who let them be. */
export function approvalOf(object: JsonObject): Approval | undefined {
  const group = textAt(object, 'spec', 'group');
  const isProtected = ['k8s.io', 'kubernetes.io'].some((own) => group === own || group.endsWith(`.${own}`));
  if (!isProtected) return undefined;
  const said = textAt(object, 'metadata', 'annotations', APPROVED);
  if (said === '') return { status: 'False', reason: 'MissingAnnotation', message: `${MUST_APPROVE}, ${SEE}` };
  if (said.startsWith('unapproved'))
    return { status: 'False', reason: 'UnapprovedAnnotation', message: `not approved: ${JSON.stringify(said)}` };
  if (URL.canParse(said) && new URL(said).host !== '')
    return { status: 'True', reason: 'ApprovedAnnotation', message: `approved in ${said}` };
  const either = 'with either a URL or a reason starting with "unapproved"';
  return { status: 'False', reason: 'InvalidAnnotation', message: `${MUST_APPROVE} ${either}, ${SEE}` };
}

/** What a new definition must hold. */
export function newDefinitionCauses(object: JsonObject): Cause[] {
  const spec = objectAt(object, 'spec');
  const name = textAt(object, 'metadata', 'name');
  const isNamed = name === '' || name === `${textAt(spec, 'names', 'plural')}.${textAt(spec, 'group')}`;
  const isStored = listAt(spec, 'versions').some((version) => objectAt(version)['storage'] === true);
  return [
    ...(isNamed ? [] : [invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group')]),
    ...definitionCauses(object),
    ...(isStored ? [] : [NEVER_STORED]),
    ...approvalCauses(object),
  ];
}

function approvalCauses(object: JsonObject): Cause[] {
  const { reason, message } = approvalOf(object) ?? { reason: '', message: '' };
  const field = `metadata.annotations[${APPROVED}]`;
  if (reason === 'MissingAnnotation') return [required(field, message)];
  if (reason !== 'InvalidAnnotation') return [];
  return [invalidValue(field, textAt(object, 'metadata', 'annotations', APPROVED), message)];
}

const LONGEST_WARNING = 200;

/** Warnings travel in a header, which must not be long. */
const cut = (text: string): string => (text.length > LONGEST_WARNING ? `${text.slice(0, LONGEST_WARNING)}…` : text);

/** What a definition says that no API server does, and what this cluster does not do. */
export function definitionWarnings(object: JsonObject, before: JsonObject | undefined): readonly string[] {
  const known = before ? formatsOf(before) : new Set();
  const formats = [...formatsOf(object)].filter((format) => !known.has(format));
  const unchecked = schemasOf(object).flatMap((schema) => {
    if (!isSchema(schema)) return [];
    return unknownRules(schema).map((rule) => `this cluster does not check the rule ${cut(rule)}`);
  });
  return [...formats.map((format) => `unrecognized format ${JSON.stringify(format)}`), ...unchecked];
}

const schemasOf = (object: JsonObject): readonly (Json | undefined)[] =>
  listAt(object, 'spec', 'versions').map((version) => objectAt(version, 'schema')['openAPIV3Schema']);

const formatsOf = (object: JsonObject): ReadonlySet<string> => new Set(schemasOf(object).flatMap(strayFormats));

/** Formats that nothing is checked by, in a schema and in all that it is made of. */
function strayFormats(schema: Json | undefined): string[] {
  if (!isObject(schema)) return [];
  const [format, type] = [textAt(schema, 'format'), textAt(schema, 'type')];
  const own = format === '' || isRecognized(format, type) ? [] : [format];
  const joined = ['anyOf', 'oneOf', 'allOf'].flatMap((word) => listAt(schema, word));
  const inner = [schema['items'], schema['additionalProperties'], schema['not'], ...joined];
  return [...own, ...[...inner, ...Object.values(objectAt(schema, 'properties'))].flatMap(strayFormats)];
}

/** The group, kind and scope of a definition are for good once objects may be there, and so are the versions that these are stored in. */
export function definitionChangeCauses(object: JsonObject, before: JsonObject): Cause[] {
  const versions = listAt(object, 'spec', 'versions').map((version) => textAt(version, 'name'));
  const frozen = [['scope'], ['names', 'kind'], ['group'], ['names', 'plural']].flatMap((path) => {
    const [field = '', ...outer] = path.toReversed();
    const [now, old] = [object, before].map((one) => objectAt(one, 'spec', ...outer.toReversed())[field]);
    return sameJson(now, old) ? [] : [invalidValue(`spec.${path.join('.')}`, now ?? '', 'field is immutable')];
  });
  const lost = listAt(before, 'status', 'storedVersions').flatMap((stored, index) => {
    const name = String(stored);
    const why = `${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    return versions.includes(name)
      ? []
      : [invalidValue(`status.storedVersions[${index}]`, name, `missing from spec.versions; ${why}`)];
  });
  return [...definitionCauses(object), ...frozen, ...lost];
}
