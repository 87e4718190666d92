// The expressions of webhooks and policies of admission: what they may speak of, and of which type they have to be.

import { listAt, textAt } from '../../core/json.ts';
import { qualifiedProblems } from '../../objects/label-names.ts';
import { type Cause, duplicate, invalidValue, required } from '../status.ts';
import { checkExpression, checkUntyped, compileWords, goType } from './cel/check.ts';
import { isLanguageLoaded, typedEnvironment } from './cel/language.ts';
import { all, atMost, fields, inTurn, needed, type Rule, text } from './rules.ts';

/** Expressions see a policy's request; its params and variables where it has some. */
export interface Scope {
  readonly params: boolean;
  readonly authorizer: boolean;
  /** The types of the variables so far. */
  readonly variables: Readonly<Record<string, string>> | undefined;
}

/** What the request and the namespace say of themselves. */
const TYPES: Readonly<Record<string, Record<string, string>>> = {
  GroupVersionKind: { group: 'string', version: 'string', kind: 'string' },
  GroupVersionResource: { group: 'string', version: 'string', resource: 'string' },
  UserInfo: { username: 'string', uid: 'string', groups: 'list<string>', extra: 'map<string, list<string>>' },
  AdmissionRequest: {
    kind: 'GroupVersionKind',
    resource: 'GroupVersionResource',
    subResource: 'string',
    requestKind: 'GroupVersionKind',
    requestResource: 'GroupVersionResource',
    requestSubResource: 'string',
    name: 'string',
    namespace: 'string',
    operation: 'string',
    userInfo: 'UserInfo',
    dryRun: 'bool',
    options: 'dyn',
  },
  NamespaceMeta: {
    name: 'string',
    generateName: 'string',
    namespace: 'string',
    labels: 'map<string, string>',
    annotations: 'map<string, string>',
    UID: 'string',
    creationTimestamp: 'google.protobuf.Timestamp',
    deletionGracePeriodSeconds: 'int',
    deletionTimestamp: 'google.protobuf.Timestamp',
    generation: 'int',
    resourceVersion: 'string',
    finalizers: 'list<string>',
  },
  NamespaceSpec: { finalizers: 'list<string>' },
  NamespaceStatus: { phase: 'string' },
  NamespaceObject: { metadata: 'NamespaceMeta', spec: 'NamespaceSpec', status: 'NamespaceStatus' },
};

const AUTHORIZER = 'kubernetes.authorization.Authorizer';

function environmentOf({ params, authorizer, variables }: Scope): ReturnType<typeof typedEnvironment> {
  const environment = typedEnvironment();
  for (const name of ['object', 'oldObject', ...(params ? ['params'] : [])]) environment.registerVariable(name, 'dyn');
  for (const [name, schema] of Object.entries(TYPES)) environment.registerType({ name, schema });
  environment.registerVariable('request', 'AdmissionRequest').registerVariable('namespaceObject', 'NamespaceObject');
  if (authorizer) environment.registerVariable('authorizer', AUTHORIZER);
  if (!variables) return environment;
  environment.registerType({ name: 'Variables', schema: { ...variables } });
  return environment.registerVariable('variables', 'Variables');
}

interface Compiled {
  readonly causes: readonly Cause[];
  readonly type: string;
}

const BY_LIBRARY: Readonly<Record<string, string>> = { bool: 'bool', string: 'string', null: 'null_type' };

/** Structures that expressions make are not read here. */
const MAKES = /\b(Object|JSONPatch)\b[\w.]*\s*\{/;

/** An expression at a field, that has to be one of some types ('' for any). */
export function compile(expression: string, field: string, { scope, types }: Wanted): Compiled {
  if (MAKES.test(expression)) return { causes: [], type: 'dyn' };
  const { type = 'dyn', fault, unknown } = checkExpression(environmentOf(scope), expression);
  // What is not known here is told as the fault that it is when it is evaluated.
  if (unknown !== undefined || (fault === undefined && checkUntyped(expression).unknown !== undefined))
    return { causes: [], type: 'dyn' };
  if (fault !== undefined) return { causes: [invalidValue(field, expression, compileWords(fault))], type: 'dyn' };
  const isOpen = type === 'dyn' && !ANYTHING.test(expression.trim());
  if (types.length === 0 || isOpen || types.includes(BY_LIBRARY[type] ?? type)) return { causes: [], type };
  return { causes: [invalidValue(field, expression, mustBe(types, type))], type };
}

interface Wanted {
  readonly scope: Scope;
  readonly types: readonly string[];
}

const mustBe = (types: readonly string[], type: string): string =>
  `must evaluate to ${types.length > 1 ? `one of [${types.join(' ')}]` : types.join('')} but got ${goType(type)}`;

/** A path into what may be anything: that it is of the right type cannot be told. */
const ANYTHING = /^(object|oldObject|params|request\.options)(\.\w+|\[[^[\]]*\])*$/;

export const expressionAt =
  (wanted: Wanted, message = ''): Rule =>
  (value, path) => {
    const expression = String(value ?? '');
    if (expression.trim() === '') return [required(path, message)];
    return isLanguageLoaded() ? [...compile(expression, path, wanted).causes] : [];
  };

export const conditions = (scope: Scope): Rule =>
  all(atMost(64), (value, path) =>
    listAt(value).flatMap((condition, index, list) => {
      const field = `${path}[${index}]`;
      const name = textAt(condition, 'name');
      const isTwice = name !== '' && list.slice(0, index).some((other) => textAt(other, 'name') === name);
      return [
        ...fields({
          expression: expressionAt({ scope, types: ['bool'] }),
          name: inTurn(needed(), text(qualifiedProblems)),
        })(condition, field),
        ...(isTwice ? [duplicate(`${field}.name`, name)] : []),
      ];
    }),
  );
