// The fields of a Pod that its variables and volumes may hold.

import { textAt } from '../../core/json.ts';
import { qualifiedProblems } from '../../objects/label-names.ts';
import { type Cause, invalidValue, unsupported } from '../status.ts';
import { at, needed, type Rule } from './rules.ts';

const METADATA = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];

/** The fields that are known by a name; not all of them may be used everywhere. */
const FIELDS = [
  ...METADATA,
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.phase',
  'status.podIP',
  'status.podIPs',
];

const KEYED = ['metadata.annotations', 'metadata.labels'];

/** A reference to one of some fields, or to one label or annotation. */
export const fieldReference =
  (supported: readonly string[]): Rule =>
  (value, path) => {
    const field = at(path, 'fieldPath');
    const name = textAt(value, 'fieldPath');
    const refuse = (why: string): Cause[] => [invalidValue(field, name, `error converting fieldPath: ${why}`)];
    if (name === '') return needed()(name, field);
    const version = textAt(value, 'apiVersion') || 'v1';
    if (version !== 'v1') return refuse(`unsupported pod version: ${version}`);
    const keyed = /^(.*)\['(.*)'\]$/s.exec(name);
    if (keyed) {
      const [, of = '', key = ''] = keyed;
      if (!KEYED.includes(of)) return refuse(`field label does not support subscript: ${name}`);
      const text = of === 'metadata.annotations' ? key.toLowerCase() : key;
      return qualifiedProblems(text).map((problem) => invalidValue(path, key, problem));
    }
    if (name === 'spec.host') return [];
    if (!FIELDS.includes(name)) return refuse(`field label not supported: ${name}`);
    return supported.includes(name) ? [] : [unsupported(field, name, supported)];
  };

export const IN_VOLUMES: readonly string[] = METADATA;
export const IN_VARIABLES: readonly string[] = [
  ...METADATA.slice(2),
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
