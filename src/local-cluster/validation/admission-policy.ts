// Policies of admission and their bindings: what they are about, and whether their expressions are some.

import { isObject, type Json, listAt, objectAt, textAt } from '../../core/json.ts';
import { qualifiedProblems } from '../../objects/label-names.ts';
import { groupOf, versionOf } from '../../objects/object.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required, unsupported } from '../status.ts';
import { FAILURES, MATCHES, operationsRule } from './admission.ts';
import { compile, conditions, expressionAt, type Scope } from './admission-expressions.ts';
import { isLanguageLoaded } from './cel/language.ts';
import { RESERVED } from './cel/values.ts';
import { pathProblems, serviceProblems, subdomainProblems } from './names.ts';
import {
  all,
  at,
  fields,
  inTurn,
  items,
  known,
  labelSelector,
  needed,
  oneOf,
  optional,
  type Rule,
  text,
  word,
} from './rules.ts';

const resourceNames: Rule = (value, path) =>
  listAt(value).flatMap((name, index, list) => [
    ...pathProblems(String(name)).map((problem) => invalidValue(`${path}[${index}]`, name, problem)),
    ...(list.indexOf(name) < index ? [duplicate(`${path}[${index}]`, name)] : []),
  ]);

const namedRule: Rule = all(fields({ resourceNames }), operationsRule);

const matchResources: Rule = fields({
  matchPolicy: optional(word(MATCHES)),
  namespaceSelector: optional(labelSelector),
  objectSelector: optional(labelSelector),
  resourceRules: items(namedRule),
  excludeResourceRules: items(namedRule),
});

const constraints: Rule = (value, path) => {
  if (!isObject(value)) return [required(path)];
  return [...matchResources(value, path), ...needed()(value['resourceRules'], at(path, 'resourceRules'))];
};

const paramKind: Rule = (value, path) => {
  const [apiVersion, kind] = [textAt(value, 'apiVersion'), textAt(value, 'kind')];
  const field = at(path, 'apiVersion');
  const join = (problems: readonly string[], where: string, given: string, prefix = ''): Cause[] =>
    problems.length === 0 ? [] : [invalidValue(where, given, prefix + problems.join(','))];
  const [group, version] = [groupOf(apiVersion), versionOf(apiVersion)];
  const mixed = 'may have mixed case, but should otherwise match: ';
  return [
    ...(apiVersion === '' ? [required(field)] : []),
    ...(group === '' ? [] : join(subdomainProblems(group), field, group)),
    ...(apiVersion === '' ? [] : join(serviceProblems(version), field, version)),
    ...(kind === '' ? [required(at(path, 'kind'))] : []),
    ...(kind === '' ? [] : join(serviceProblems(kind.toLowerCase()), at(path, 'kind'), kind, mixed)),
  ];
};

/** Variables may speak of those before them. */
function variablesOf(value: Json | undefined, path: string, outer: Scope): { causes: Cause[]; scope: Scope } {
  const causes: Cause[] = [];
  let scope = outer;
  for (const [index, variable] of listAt(value).entries()) {
    const field = `${path}[${index}]`;
    const [name, expression] = [textAt(variable, 'name'), textAt(variable, 'expression')];
    const isName = /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) && !RESERVED.has(name);
    if (name.trim() === '') causes.push(required(`${field}.name`, 'name is not specified'));
    else if (!isName) causes.push(invalidValue(`${field}.name`, name, 'must be a valid CEL identifier'));
    if (expression.trim() === '') {
      causes.push(required(`${field}.expression`, 'expression is not specified'));
      continue;
    }
    if (!isLanguageLoaded()) continue;
    const compiled = compile(expression, `${field}.expression`, { scope, types: [] });
    causes.push(...compiled.causes);
    if (isName) scope = { ...scope, variables: { ...scope.variables, [name]: compiled.type } };
  }
  return { causes, scope };
}

const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];

const validation = (scope: Scope): Rule =>
  fields({
    expression: expressionAt({ scope, types: ['bool'] }, 'expression is not specified'),
    messageExpression: (value, path) => {
      if (value === undefined || value === '') return [];
      if (String(value).trim() === '') return [invalidValue(path, value, 'must be non-empty if specified')];
      return expressionAt({ scope: { ...scope, authorizer: false }, types: ['string'] })(value, path);
    },
    message: (value, path) => {
      const message = String(value ?? '');
      if (message !== '' && message.trim() === '')
        return [invalidValue(path, value, 'message must be non-empty if specified')];
      return /[\n\r]/.test(message.trim()) ? [invalidValue(path, value, 'message must not contain line breaks')] : [];
    },
    reason: (value, path) =>
      value === undefined || REASONS.includes(String(value)) ? [] : [unsupported(path, value, REASONS)],
  });

const MOST_ANNOTATIONS = 20;

const annotations =
  (scope: Scope, policy: string): Rule =>
  (value, path) => [
    ...(listAt(value).length > MOST_ANNOTATIONS
      ? [invalidValue(path, value, `must not have more than ${MOST_ANNOTATIONS} auditAnnotations`)]
      : []),
    ...listAt(value).flatMap((annotation, index, list) => {
      const field = `${path}[${index}]`;
      const key = textAt(annotation, 'key');
      const whole = `${policy}/${key}`;
      return [
        ...(policy === ''
          ? [invalidValue(`${field}.key`, key, 'requires metadata.name be non-empty')]
          : qualifiedProblems(whole).map((problem) => invalidValue(`${field}.key`, whole, problem))),
        ...fields({
          valueExpression: expressionAt({ scope, types: ['string', 'null_type'] }, 'valueExpression is not specified'),
        })(annotation, field),
        ...(list.slice(0, index).some((other) => textAt(other, 'key') === key) ? [duplicate(`${field}.key`, key)] : []),
      ];
    }),
  ];

const MISSING = 'validations or auditAnnotations must contain at least one item';

export const validatingPolicy: Rule = (object) => {
  const spec = objectAt(object, 'spec');
  const outer: Scope = { params: isObject(spec['paramKind']), authorizer: true, variables: {} };
  const { causes, scope } = variablesOf(spec['variables'], 'spec.variables', outer);
  const isBare = listAt(spec, 'validations').length === 0 && listAt(spec, 'auditAnnotations').length === 0;
  return [
    ...fields({
      failurePolicy: optional(word(FAILURES)),
      paramKind: optional(paramKind),
      matchConstraints: constraints,
      matchConditions: conditions({ ...outer, variables: undefined }),
    })(spec, 'spec'),
    ...causes,
    ...(isBare ? [required('spec.validations', MISSING), required('spec.auditAnnotations', MISSING)] : []),
    ...fields({
      validations: items(validation(scope)),
      auditAnnotations: annotations(scope, textAt(object, 'metadata', 'name')),
    })(spec, 'spec'),
  ];
};

/** What is deleted is not changed. */
const MUTABLE = ['*', 'CONNECT', 'CREATE', 'UPDATE'];

const mutableOperations: Rule = (value, path) =>
  listAt(value)
    .flatMap((rule) => listAt(rule, 'operations'))
    .filter((operation) => !MUTABLE.includes(String(operation)))
    .map((operation) => unsupported(`${path}.operations`, operation, MUTABLE));

/** The ways to change an object, each with its field and the type that its expression has. */
const PATCHES = [
  ['ApplyConfiguration', 'applyConfiguration', 'Object'],
  ['JSONPatch', 'jsonPatch', 'list(JSONPatch)'],
] as const;

const mutation =
  (scope: Scope): Rule =>
  (value, path) => {
    const type = textAt(value, 'patchType');
    const given = objectAt(value);
    const own = PATCHES.find(([name]) => name === type);
    if (!own) return oneOf(PATCHES.map(([name]) => name))(type, `${path}.patchType`);
    const [, field, made] = own;
    const wanted = { scope, types: [made] };
    return [
      ...(isObject(given[field])
        ? fields({ expression: expressionAt(wanted) })(given[field], `${path}.${field}`)
        : [required(`${path}.${field}`, `must be specified when patchType is ${type}`)]),
      ...PATCHES.filter(([name, other]) => name !== type && isObject(given[other])).map(([, other]) =>
        invalidValue(`${path}.${other}`, `{${other}}`, `must not be specified when patchType is ${type}`),
      ),
    ];
  };

export const mutatingPolicy: Rule = (object) => {
  const spec = objectAt(object, 'spec');
  const outer: Scope = { params: isObject(spec['paramKind']), authorizer: true, variables: {} };
  const { causes, scope } = variablesOf(spec['variables'], 'spec.variables', outer);
  return [
    ...fields({
      failurePolicy: optional(word(FAILURES)),
      paramKind: optional(paramKind),
      matchConstraints: all(constraints, fields({ resourceRules: mutableOperations })),
      matchConditions: conditions({ ...outer, variables: undefined }),
    })(spec, 'spec'),
    ...causes,
    ...fields({
      mutations: inTurn(needed('mutations must contain at least one item'), items(mutation(scope))),
      reinvocationPolicy: oneOf(['IfNeeded', 'Never']),
    })(spec, 'spec'),
  ];
};

const NOT_FOUND_ACTIONS = ['Deny', 'Allow'];

const paramRef: Rule = (value, path) => {
  const { name, selector, parameterNotFoundAction: action } = objectAt(value);
  const both = name !== undefined && name !== '' && isObject(selector);
  const clash = 'name and selector are mutually exclusive';
  return [
    ...text(pathProblems)(name, at(path, 'name')),
    ...(both ? [forbiddenField(at(path, 'name'), clash)] : []),
    ...optional(labelSelector)(selector, at(path, 'selector')),
    ...(both ? [forbiddenField(at(path, 'selector'), clash)] : []),
    ...(!name && !isObject(selector) ? [required(path, 'one of name or selector must be specified')] : []),
    ...inTurn(needed(), known(NOT_FOUND_ACTIONS))(action, at(path, 'parameterNotFoundAction')),
  ];
};

const ACTIONS = ['Audit', 'Deny', 'Warn'];
const CLASH =
  'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)';

const validationActions: Rule = (value, path) => {
  const actions = listAt(value);
  const clash = actions.includes('Deny') && actions.includes('Warn');
  return [
    ...actions.flatMap((action, index) => [
      ...(ACTIONS.includes(String(action)) ? [] : [unsupported(`${path}[${index}]`, action, ACTIONS)]),
      ...(actions.indexOf(action) < index ? [duplicate(`${path}[${index}]`, action)] : []),
    ]),
    ...(clash ? [invalidValue(path, actions, CLASH)] : []),
    ...(actions.length === 0 ? [required(path, 'at least one validation action is required')] : []),
  ];
};

const binding = {
  policyName: inTurn(needed(), text(subdomainProblems)),
  paramRef: optional(paramRef),
  matchResources: optional(matchResources),
};

export const validatingPolicyBinding: Rule = fields({ spec: fields({ ...binding, validationActions }) });

export const mutatingPolicyBinding: Rule = fields({
  spec: fields({
    ...binding,
    matchResources: optional(all(matchResources, fields({ resourceRules: mutableOperations }))),
  }),
});
