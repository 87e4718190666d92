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
  const parts = decoded(path).split('/').slice(1);
  const [root, ...rest] = parts;
  if (rest.at(-1) === '') rest.pop();
  if (root === 'api') {
    const [version = '', ...names] = rest;
    return names.length > 0 ? resourcePath('', version, names) : undefined;
  }
  const [group = '', version = '', ...names] = rest;
  return root === 'apis' && names.length > 0 ? resourcePath(group, version, names) : undefined;
}

function resourcePath(group: string, version: string, names: readonly string[]): ResourcePath | undefined {
  const [first = '', second = '', third = '', ...more] = names;
  const base = { group, version };
  if (first === 'namespaces' && third !== '' && !NAMESPACE_SUBRESOURCES.has(third)) {
    const [name = '', subresource = '', ...tail] = more;
    return { ...base, plural: third, namespace: second, name, subresource: [subresource, ...tail].join('/') };
  }
  return { ...base, plural: first, namespace: '', name: second, subresource: [third, ...more].join('/') };
}

const NAMESPACE_SUBRESOURCES: ReadonlySet<string> = new Set(['status', 'finalize']);

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
