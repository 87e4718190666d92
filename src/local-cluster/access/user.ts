// Who asks. What comes from this process, or with the token of the folder, is its owner's.

export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

const MASTERS = 'system:masters';
export const AUTHENTICATED = 'system:authenticated';
export const UNAUTHENTICATED = 'system:unauthenticated';

export const OWNER: User = { name: 'kubernetes-admin', groups: [MASTERS, AUTHENTICATED] };
export const ANONYMOUS: User = { name: 'system:anonymous', groups: [UNAUTHENTICATED] };

/** May do everything, whatever roles say. */
export const isMaster = (user: User): boolean => user.groups.includes(MASTERS);

const ACCOUNT = 'system:serviceaccount:';

export const accountGroups = (namespace: string): readonly string[] => [
  'system:serviceaccounts',
  `system:serviceaccounts:${namespace}`,
];

export const accountUserName = (namespace: string, name: string): string => `${ACCOUNT}${namespace}:${name}`;

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const isSubdomain = (text: string): boolean => text.length <= 253 && text.split('.').every((part) => LABEL.test(part));

/** The service account that a user name stands for; undefined for other users. */
export function accountOfUser(userName: string): { readonly namespace: string; readonly name: string } | undefined {
  if (!userName.startsWith(ACCOUNT)) return undefined;
  const [namespace = '', name = '', ...more] = userName.slice(ACCOUNT.length).split(':');
  return LABEL.test(namespace) && isSubdomain(name) && more.length === 0 ? { namespace, name } : undefined;
}
