// An operation, its parameters and its names.

import { apiVersionOf } from '../../objects/object.ts';
import type { Kind } from '../kinds.ts';
import type { Subject } from './schemas.ts';

export interface Operation {
  readonly method: 'get' | 'put' | 'post' | 'delete' | 'options' | 'head' | 'patch';
  readonly id: string;
  /** 'list', 'patch', 'connect' …: what kubectl knows an operation by. */
  readonly action: string;
  readonly kind: Subject;
  readonly query: readonly Parameter[];
  /** The kind of the body; '' where it may be any patch. */
  readonly body?: Subject | 'patch' | 'options';
  readonly answer: Subject | 'status' | 'text' | 'watch';
}

export interface PathItem {
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly operations: readonly Operation[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path';
  readonly type: 'string' | 'integer' | 'boolean';
}

export const query = (type: Parameter['type'], ...names: string[]): Parameter[] =>
  names.map((name) => ({ name, in: 'query', type }));

export const PRETTY = query('string', 'pretty');
export const WRITE = query('string', 'dryRun', 'fieldManager', 'fieldValidation');
export const LIST = [
  ...query('boolean', 'allowWatchBookmarks'),
  ...query('string', 'continue', 'fieldSelector', 'labelSelector'),
  ...query('integer', 'limit'),
  ...query('string', 'resourceVersion', 'resourceVersionMatch'),
  ...query('boolean', 'sendInitialEvents'),
  ...query('string', 'shardSelector'),
  ...query('integer', 'timeoutSeconds'),
  ...query('boolean', 'watch'),
];
export const DELETE = [
  ...query('string', 'dryRun'),
  ...query('integer', 'gracePeriodSeconds'),
  ...query('boolean', 'ignoreStoreReadErrorWithClusterBreakingPotential', 'orphanDependents'),
  ...query('string', 'propagationPolicy'),
];
export const NAME: Parameter = { name: 'name', in: 'path', type: 'string' };
export const NAMESPACE: Parameter = { name: 'namespace', in: 'path', type: 'string' };

/** Replacing and patching. */
export function changes(kind: Subject, verbs: readonly string[], name: string): Operation[] {
  const operations: Operation[] = [];
  if (verbs.includes('update')) {
    operations.push({
      method: 'put',
      id: `replace${name}`,
      action: 'put',
      kind,
      query: WRITE,
      body: kind,
      answer: kind,
    });
  }
  if (verbs.includes('patch')) {
    const parameters = [...WRITE, ...query('boolean', 'force')];
    operations.push({
      method: 'patch',
      id: `patch${name}`,
      action: 'patch',
      kind,
      query: parameters,
      body: 'patch',
      answer: kind,
    });
  }
  return operations;
}

export const scopeOf = (kind: Kind): string => (kind.namespaced ? 'Namespaced' : '');

export const rootOf = ({ group, version }: Pick<Kind, 'group' | 'version'>): string =>
  group === '' ? `/api/${version}` : `/apis/${apiVersionOf(group, version)}`;

/** Group and version as they stand in names of operations: 'AppsV1', 'RbacAuthorizationV1'. */
export function stem({ group, version }: Pick<Kind, 'group' | 'version'>): string {
  const words = group === '' ? ['core'] : group.replace(/\.k8s\.io$/, '').split(/[.-]/);
  return [...words, version].map(capital).join('');
}

/** The tag of a version's operations: 'apps_v1', 'rbacAuthorization_v1'. */
export function tagOf(kind: Pick<Kind, 'group' | 'version'>): string {
  const words = stem(kind).slice(0, -kind.version.length);
  return `${(words[0] ?? '').toLowerCase()}${words.slice(1)}_${kind.version}`;
}

export const capital = (word: string): string => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`;
