// Classes of devices, and claims of devices: of a namespace, and as a template.

import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { labelValueProblems, qualifiedProblems } from '../../objects/label-names.ts';
import { forbiddenField, invalidValue, required, unsupported } from '../status.ts';
import { deviceConfig, fullAttributeName, hasItems, label, oneWay, selectors, subdomain } from './device-parts.ts';
import { isExtended } from './resources.ts';
import {
  all,
  at,
  atMost,
  distinct,
  fields,
  inTurn,
  items,
  known,
  labels,
  needed,
  optional,
  type Rule,
  set,
  text,
} from './rules.ts';

const allocation: Rule = (value, path) => {
  const { allocationMode: mode, count } = objectAt(value);
  const field = at(path, 'count');
  const number = Number(count ?? 0);
  if (mode === 'All')
    return number === 0 ? [] : [invalidValue(field, number, "must not be specified when allocationMode is 'All'")];
  if (mode === 'ExactCount') return number > 0 ? [] : [invalidValue(field, number, 'must be greater than zero')];
  return [unsupported(at(path, 'allocationMode'), mode ?? '', ['All', 'ExactCount'])];
};

const tolerationValue: Rule = (value, path) => {
  const { operator, value: given } = objectAt(value);
  const field = at(path, 'value');
  if (operator === 'Exists') return given ? [invalidValue(field, given, 'must be empty for operator `Exists`')] : [];
  if (operator === 'Equal') return text(labelValueProblems)(given, field);
  return [unsupported(at(path, 'operator'), operator ?? '', ['Equal', 'Exists'])];
};

export const DEVICE_EFFECTS = ['NoExecute', 'NoSchedule', 'None'];

const toleration: Rule = all(
  fields({ key: text(qualifiedProblems) }),
  tolerationValue,
  fields({ effect: known(DEVICE_EFFECTS) }),
);

const request: Rule = all(
  fields({ deviceClassName: inTurn(needed(), subdomain), selectors }),
  allocation,
  fields({ tolerations: items(toleration) }),
);

const WAY = 'exactly one of `exactly` or `firstAvailable` is required';

const claimRequest: Rule = (value, path) => {
  const { name, exactly, firstAvailable } = objectAt(value);
  const ways = [...(isObject(exactly) ? ['exactly'] : []), ...(hasItems(firstAvailable) ? ['firstAvailable'] : [])];
  const causes = [...label(name, at(path, 'name')), ...oneWay(ways, path, { message: WAY, many: null })];
  if (ways.length !== 1) return causes;
  return [
    ...causes,
    ...fields({
      exactly: optional(request),
      firstAvailable: inTurn(atMost(8), distinct('name', all(fields({ name: label }), request))),
    })(value, path),
  ];
};

/** What constraints and settings may name: requests, and what is first available of one. */
export const namesOf = (devices: JsonObject): string[] =>
  listAt(devices, 'requests').flatMap((one) => {
    const name = textAt(one, 'name');
    return [name, ...listAt(one, 'firstAvailable').map((inner) => `${name}/${textAt(inner, 'name')}`)];
  });

const UNNAMED = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";

export const requestName =
  (names: readonly string[]): Rule =>
  (value, path) => {
    const name = String(value ?? '');
    const parts = name.split('/');
    return [
      ...(parts.length > 2 ? [] : parts.flatMap((part) => label(part, path))),
      ...(names.includes(name) ? [] : [invalidValue(path, name, UNNAMED)]),
    ];
  };

export const requestNames = (names: readonly string[]): Rule => inTurn(atMost(32), set(requestName(names)));

const ATTRIBUTES = ['matchAttribute', 'distinctAttribute'];

const constraint = (names: readonly string[]): Rule =>
  all(fields({ requests: requestNames(names) }), (value, path) => {
    const own = ATTRIBUTES.find((field) => objectAt(value)[field] !== undefined);
    const message = 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set';
    return own === undefined ? [required(path, message)] : fullAttributeName(objectAt(value)[own], at(path, own));
  });

const devices: Rule = (value, path) => {
  const names = namesOf(objectAt(value));
  return fields({
    requests: inTurn(atMost(32), distinct('name', claimRequest)),
    constraints: inTurn(atMost(32), items(constraint(names))),
    config: inTurn(atMost(32), items(all(fields({ requests: requestNames(names) }), deviceConfig))),
  })(value, path);
};

const claimSpec: Rule = fields({ devices });

export const resourceClaim: Rule = fields({ spec: claimSpec });

/** Only labels and annotations are handed on by a template. */
const UNSET: readonly (readonly [field: string, told: string])[] = [
  ['name', 'name'],
  ['generateName', 'generateName'],
  ['namespace', 'namespace'],
  ['selfLink', 'selfLink'],
  ['uid', 'uID'],
  ['resourceVersion', 'resourceVersion'],
  ['generation', 'generation'],
  ['creationTimestamp', 'creationTimestamp'],
  ['deletionTimestamp', 'deletionTimestamp'],
  ['deletionGracePeriodSeconds', 'deletionGracePeriodSeconds'],
  ['ownerReferences', 'ownerReferences'],
  ['finalizers', 'finalizers'],
  ['managedFields', 'managedFields'],
];

const annotationKeys: Rule = (value, path) =>
  Object.keys(objectAt(value)).flatMap((key) =>
    qualifiedProblems(key.toLowerCase()).map((problem) => invalidValue(path, key, problem)),
  );

const templateMeta: Rule = (value, path) => [
  ...fields({ annotations: annotationKeys, labels })(value, path),
  ...UNSET.filter(([field]) => (objectAt(value)[field] ?? null) !== null).map(([, told]) =>
    forbiddenField(at(path, told), 'cannot be set'),
  ),
];

export const resourceClaimTemplate: Rule = fields({ spec: fields({ metadata: templateMeta, spec: claimSpec }) });

const extendedName: Rule = (value, path) => {
  const name = String(value);
  const holds = isExtended(name) && qualifiedProblems(`requests.${name}`).length === 0;
  return holds ? [] : [invalidValue(path, name, 'must be a valid extended resource name')];
};

export const deviceClass: Rule = fields({
  spec: fields({
    selectors,
    config: inTurn(atMost(32), items(deviceConfig)),
    extendedResourceName: optional(extendedName),
  }),
});
