// The faults that an object carries, as far as its kind has them.

import { textAt } from '../../core/json.ts';
import { annotationsOf, groupOf, type KubeObject } from '../../objects/object.ts';
import { builtinResources } from '../../objects/types.ts';
import { FAULT_ANNOTATION } from './annotation.ts';
import { type Fault, parseFaults } from './parse.ts';
import { type FaultName, rowOf } from './table.ts';

const GROUPS: Readonly<Record<string, string>> = {
  Pod: '',
  Node: '',
  Job: 'batch',
  Service: '',
  Ingress: 'networking.k8s.io',
  PersistentVolumeClaim: '',
  Namespace: '',
};

/** Whether a fault may stand on objects of this kind. */
export function mayStandOn(name: FaultName, { apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean {
  const group = groupOf(apiVersion);
  return rowOf(name).on.some((place) => {
    if (place === 'custom resource') return !isBuiltin(group);
    return place === 'any' || (place === kind && GROUPS[place] === group);
  });
}

const isBuiltin = (group: string): boolean =>
  Object.keys(builtinResources()).some((version) => groupOf(version) === group);

/** Those that can be understood and belong here. */
export function faultsOf(object: KubeObject | undefined): readonly Fault[] {
  const text = object && faultText(object);
  if (!object || text === undefined) return [];
  return parseFaults(text).faults.filter(({ name }) => mayStandOn(name, object));
}

export function faultText(object: KubeObject): string | undefined {
  const text: unknown = annotationsOf(object)[FAULT_ANNOTATION];
  return typeof text === 'string' ? text : undefined;
}

export function faultNamed(faults: readonly Fault[], name: FaultName): Fault | undefined {
  return faults.find((fault) => fault.name === name);
}

/** Until when a fault that lasts is there, counted from the object's creation; undefined when the object does not have it. */
export function faultyUntil(object: KubeObject, name: FaultName): number | undefined {
  const fault = faultNamed(faultsOf(object), name);
  if (!fault) return undefined;
  const lasting = fault.numbers['for'];
  if (lasting === undefined) return Number.POSITIVE_INFINITY;
  return Date.parse(textAt(object, 'metadata', 'creationTimestamp')) + lasting;
}
