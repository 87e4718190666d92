// What is served beside the versions of groups: which versions and groups there are, the version, who signs tokens.

import type { Kind } from '../kinds.ts';
import { stem, tagOf } from './operation.ts';

/** A path that is only read, as a document tells of it. */
export interface Root {
  /** The document that it has for itself, in the third version. */
  readonly name: string;
  readonly path: string;
  readonly tag: string;
  readonly id: string;
  /** The forms of the answer. */
  readonly types: readonly string[];
  /** The structure of the answer; absent for a text. */
  readonly answer?: string;
}

export const WRITTEN = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'] as const;

const MACHINERY = 'io.k8s.apimachinery.pkg';
const ALONE: readonly Root[] = [
  {
    name: '.well-known/openid-configuration',
    path: '/.well-known/openid-configuration/',
    tag: 'WellKnown',
    id: 'getServiceAccountIssuerOpenIDConfiguration',
    types: ['application/json'],
  },
  {
    name: 'api',
    path: '/api/',
    tag: 'core',
    id: 'getCoreAPIVersions',
    types: WRITTEN,
    answer: `${MACHINERY}.apis.meta.v1.APIVersions`,
  },
  {
    name: 'apis',
    path: '/apis/',
    tag: 'apis',
    id: 'getAPIVersions',
    types: WRITTEN,
    answer: `${MACHINERY}.apis.meta.v1.APIGroupList`,
  },
  {
    name: 'openid/v1/jwks',
    path: '/openid/v1/jwks/',
    tag: 'openid',
    id: 'getServiceAccountIssuerOpenIDKeyset',
    types: ['application/jwk-set+json'],
  },
  {
    name: 'version',
    path: '/version/',
    tag: 'version',
    id: 'getCodeVersion',
    types: ['application/json'],
    answer: `${MACHINERY}.version.Info`,
  },
];

/** Groups of definitions have none. */
export function rootsOf(kinds: readonly Kind[]): Root[] {
  const groups = new Map(
    kinds.filter(({ custom, group }) => !custom && group !== '').map((kind) => [kind.group, kind]),
  );
  return [...ALONE, ...[...groups.values()].map(groupRoot)];
}

function groupRoot(kind: Kind): Root {
  const { group, version } = kind;
  return {
    name: `apis/${group}`,
    path: `/apis/${group}/`,
    tag: tagOf(kind).slice(0, -version.length - 1),
    id: `get${stem(kind).slice(0, -version.length)}APIGroup`,
    types: WRITTEN,
    answer: `${MACHINERY}.apis.meta.v1.APIGroup`,
  };
}
