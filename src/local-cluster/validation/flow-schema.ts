// Which requests have which level of priority.

import { isObject, type Json, listAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, forbiddenField, invalidValue, required, unsupported } from '../status.ts';
import { labelProblems, subdomainProblems } from './names.ts';
import { all, at, fields, inTurn, items, needed, type Rule, text } from './rules.ts';

const MOST_PRECEDENCE = 10_000;
const EXEMPT = 'exempt';

function precedenceCauses(object: Json | undefined): Cause[] {
  const path = 'spec.matchingPrecedence';
  const value = Number(objectAt(object, 'spec')['matchingPrecedence'] ?? 0);
  if (value === 1 && textAt(object, 'metadata', 'name') !== EXEMPT)
    return [invalidValue(path, value, "only the schema named 'exempt' may have matchingPrecedence 1")];
  if (value <= 0) return [invalidValue(path, value, 'must be a positive value')];
  return value > MOST_PRECEDENCE ? [invalidValue(path, value, `must not be greater than ${MOST_PRECEDENCE}`)] : [];
}

const METHODS = ['ByNamespace', 'ByUser'];

const distinguisher: Rule = (value, path) => {
  const type = textAt(value, 'type');
  return !isObject(value) || METHODS.includes(type) ? [] : [unsupported(at(path, 'type'), { Type: type }, METHODS)];
};

const account: Rule = fields({
  name: inTurn(needed(), (value, path) => (value === '*' ? [] : text(subdomainProblems)(value, path))),
  namespace: inTurn(needed('must specify namespace for service account'), text(labelProblems)),
});

const named: Rule = fields({ name: needed() });

/** The kinds of subjects, each with its own field. */
const SUBJECTS: readonly (readonly [kind: string, field: string, rule: Rule])[] = [
  ['ServiceAccount', 'serviceAccount', account],
  ['User', 'user', named],
  ['Group', 'group', named],
];
const SUBJECT_KINDS = ['Group', 'ServiceAccount', 'User'];

const subject: Rule = (value, path) => {
  const given = objectAt(value);
  const kind = textAt(value, 'kind');
  const own = SUBJECTS.find(([name]) => name === kind);
  if (!own) return [unsupported(at(path, 'kind'), kind, SUBJECT_KINDS)];
  const [, field, rule] = own;
  const others = SUBJECTS.filter(([name, other]) => name !== kind && isObject(given[other]));
  return [
    ...(isObject(given[field])
      ? rule(given[field], at(path, field))
      : [required(at(path, field), `${field} is required when subject kind is '${kind}'`)]),
    ...others.map(([name, other]) =>
      forbiddenField(at(path, other), `${other} is forbidden when subject kind is not '${name}'`),
    ),
  ];
};

/** A list that names all, or some of what there is. */
const choice =
  (lacking: string, others: string, some: Rule = () => []): Rule =>
  (value, path) => {
    const list = listAt(value);
    if (list.length === 0) return lacking === '' ? [] : [required(path, lacking)];
    if (!list.includes('*')) return some(value, path);
    return list.length === 1 ? [] : [invalidValue(path, list, `if '*' is present, must not specify other ${others}`)];
  };

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];

const verbs = choice('verbs must contain at least one value', 'verbs', (value, path) =>
  listAt(value).every((verb) => VERBS.includes(String(verb))) ? [] : [unsupported(path, value, VERBS)],
);

const namespaceItem: Rule = (value, path) =>
  labelProblems(String(value)).map((problem) =>
    invalidValue(path, value, `each member of this list must be '*' or a DNS-1123 label; ${problem}`),
  );

const LACKS_NAMESPACE = 'resource rules that are not cluster scoped must supply at least one namespace';

const resourceRule: Rule = (value, path) => {
  const isWide = objectAt(value)['clusterScope'] === true;
  return fields({
    verbs,
    apiGroups: choice('resource rules must supply at least one api group', 'api groups'),
    resources: choice('resource rules must supply at least one resource', 'resources'),
    namespaces: choice(isWide ? '' : LACKS_NAMESPACE, 'namespaces', items(namespaceItem)),
  })(value, path);
};

const URL_RULES: readonly (readonly [breaks: RegExp, message: string])[] = [
  [/^$/, 'must not be empty'],
  [/^[^/]/, 'must start with slash'],
  [/ /, 'must not contain white-space'],
  [/\/\//, 'must not contain double slash'],
  [/\*(?!$)|[^/]\*$/, 'wildcard can only do suffix matching'],
];

const urlItem: Rule = (value, path) => {
  const broken = URL_RULES.find(([breaks]) => breaks.test(String(value)));
  return broken ? [invalidValue(path, value, broken[1])] : [];
};

const nonResourceRule: Rule = fields({
  verbs,
  nonResourceURLs: choice('nonResourceURLs must contain at least one value', 'non-resource URLs', items(urlItem)),
});

const rule: Rule = (value, path) => {
  const { resourceRules, nonResourceRules } = objectAt(value);
  const isBare = listAt(resourceRules).length === 0 && listAt(nonResourceRules).length === 0;
  const message = 'at least one of resourceRules and nonResourceRules has to be non-empty';
  return [
    ...fields({ subjects: inTurn(needed('subjects must contain at least one value'), items(subject)) })(value, path),
    ...(isBare ? [required(path, message)] : []),
    ...fields({ resourceRules: items(resourceRule), nonResourceRules: items(nonResourceRule) })(value, path),
  ];
};

export const flowSchema: Rule = all(
  precedenceCauses,
  fields({
    spec: fields({
      distinguisherMethod: distinguisher,
      priorityLevelConfiguration: fields({
        name: inTurn(needed('must reference a priority level'), text(subdomainProblems)),
      }),
      rules: items(rule),
    }),
  }),
);
