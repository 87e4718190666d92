// What a path names.

export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** '' for a list over all namespaces and for what belongs to none. */
  readonly namespace: string;
  /** '' for a collection. */
  readonly name: string;
  /** '' for the object itself. */
  readonly subresource: string;
}

/** The resource of a path below /api/v1 or /apis/GROUP/VERSION; undefined for any other path. */
export function parseResourcePath(path: string): ResourcePath | undefined {
  // A slash in disguise parts a path like any other.
  const parts = (path.includes('%') ? decoded(path) : path).split('/');
  if (parts.length > 2 && parts.at(-1) === '') parts.pop();
  const [, root, second = '', third = ''] = parts;
  if (root === 'api') return parts.length > 3 ? resourcePath('', second, parts.slice(3)) : undefined;
  return root === 'apis' && parts.length > 4 ? resourcePath(second, third, parts.slice(4)) : undefined;
}

function resourcePath(group: string, version: string, names: readonly string[]): ResourcePath {
  const [first = '', second = '', third = ''] = names;
  const isIn = first === 'namespaces' && third !== '' && !NAMESPACE_SUBRESOURCES.has(third);
  const [plural, namespace, at] = isIn ? [third, second, 3] : [first, '', 1];
  return { group, version, plural, namespace, name: names[at] ?? '', subresource: names.slice(at + 1).join('/') };
}

const NAMESPACE_SUBRESOURCES: ReadonlySet<string> = new Set(['status', 'finalize']);

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
