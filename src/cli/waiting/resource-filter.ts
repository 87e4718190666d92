import { HawserError } from '../../core/errors.ts';
import type { ResourceState } from '../../render/states.ts';

/** `[!]GROUP:KIND:NAME` or `[!]GROUP:KIND:NAMESPACE/NAME`; `*` fits anything. */
export interface ResourceFilter {
  readonly excludes: boolean;
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export function parseResourceFilter(text: string): ResourceFilter {
  const excludes = text.startsWith('!');
  const body = excludes ? text.slice(1) : text;
  // Roles have names like 'system:node'.
  const [, group = '', kind = '', path] = /^([^:]*):([^:]*):(.*)$/s.exec(body) ?? [];
  if (path === undefined) throw wrong(`resource should have GROUP:KIND:NAME, but instead got: ${body}`);
  const [first = '', second, ...rest] = path.split('/');
  if (rest.length > 0) {
    throw wrong(`resource with namespace should have GROUP:KIND:NAMESPACE/NAME, but instead got: ${body}`);
  }
  return second === undefined
    ? { excludes, group, kind, namespace: '', name: first }
    : { excludes, group, kind, namespace: first, name: second };
}

/** One resource as the flag names it. */
export function filterText({ group = '', kind = '', namespace = '', name = '' }: Partial<Named>): string {
  return `${group}:${kind}:${namespace === '' ? name : `${namespace}/${name}`}`;
}

const wrong = (message: string): HawserError =>
  new HawserError('usage', message, {
    hint: 'like apps:Deployment:guestbook',
    reason: { kind: 'invalid-argument' },
  });

type Named = Pick<ResourceState, 'group' | 'kind' | 'namespace' | 'name'>;

/** Any including filter takes a resource in (all of them where there is none); an excluding one always wins. */
export function matchesFilters(resource: Named, filters: readonly ResourceFilter[]): boolean {
  if (filters.some((filter) => filter.excludes && matches(resource, filter))) return false;
  const including = filters.filter((filter) => !filter.excludes);
  return including.length === 0 || including.some((filter) => matches(resource, filter));
}

function matches(resource: Named, filter: ResourceFilter): boolean {
  const fits = (pattern: string, value: string): boolean => pattern === '*' || pattern === value;
  return (
    fits(filter.group, resource.group) &&
    fits(filter.kind, resource.kind) &&
    fits(filter.name, resource.name) &&
    (filter.namespace === '' || fits(filter.namespace, resource.namespace))
  );
}
