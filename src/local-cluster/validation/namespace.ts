// Namespaces: the labels that give a level of security.

import { type JsonObject, listAt, objectAt } from '../../core/json.ts';
import { qualifiedProblems } from '../../objects/label-names.ts';
import { type Cause, invalidValue } from '../status.ts';
import { finalizerNameCauses } from './meta.ts';
import { anyText, at, type Rule } from './rules.ts';

const LEVELS = ['privileged', 'baseline', 'restricted'];
const MODES = ['enforce', 'audit', 'warn'];

export const namespace: Rule = (object, path) => levelCauses(objectAt(object, 'metadata', 'labels'), path);

const finalizerCauses = (object: JsonObject, fieldOf: (index: number) => string): Cause[] =>
  listAt(object, 'spec', 'finalizers').flatMap((name, index) => [
    ...anyText(qualifiedProblems)(name, fieldOf(index)),
    ...finalizerNameCauses(String(name), fieldOf(index)),
  ]);

/** Of a new namespace it is not told which finalizer is meant. */
export const newNamespaceCauses = (object: JsonObject): Cause[] => finalizerCauses(object, () => 'spec.finalizers');

export const namespaceChangeCauses = (object: JsonObject): Cause[] =>
  finalizerCauses(object, (index) => `spec.finalizers[${index}]`);

function levelCauses(labels: JsonObject, path: string): Cause[] {
  return MODES.flatMap((mode): Cause[] => {
    const [label, pinned] = [`pod-security.kubernetes.io/${mode}`, `pod-security.kubernetes.io/${mode}-version`];
    const [level = 'privileged', version = 'latest'] = [labels[label], labels[pinned]];
    const isVersion = version === 'latest' || /^v1\.(0|[1-9]\d*)$/.test(String(version));
    return [
      ...(LEVELS.includes(String(level))
        ? []
        : [invalidValue(at(path, `metadata.labels[${label}]`), level, `must be one of ${LEVELS.join(', ')}`)]),
      ...(isVersion
        ? []
        : [invalidValue(at(path, `metadata.labels[${pinned}]`), version, 'must be "latest" or "v1.x"')]),
    ];
  });
}
