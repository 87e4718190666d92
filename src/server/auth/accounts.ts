// Local accounts, as the settings hold them: argocd-cm names each and what it can do, argocd-secret has its password and
// its tokens.

import { fits, list, number, object, optional, text } from '../../core/shape.ts';
import { timestamp } from '../../core/time.ts';

export type Capability = 'login' | 'apiKey';

/** Of an account's API token; in seconds since 1970. */
export interface StoredToken {
  readonly id: string;
  readonly iat: number;
  readonly exp?: number;
}

export interface LocalAccount {
  readonly name: string;
  readonly isEnabled: boolean;
  readonly capabilities: readonly Capability[];
  /** '' for an account that has none, and so cannot log in. */
  readonly passwordHash: string;
  /** In milliseconds since 1970: tokens of before do not count. */
  readonly passwordChangedAt?: number;
  readonly tokens: readonly StoredToken[];
}

export type Data = Readonly<Record<string, string>>;

/** What cannot be read, and where. */
export interface DataFault {
  readonly object: string;
  readonly key: string;
  readonly problem: string;
  /** What is there without it counts all the same. */
  readonly isHarmless?: boolean;
}

export const ADMIN = 'admin';

const CAPABILITIES: readonly Capability[] = ['login', 'apiKey'];
const TOKENS = list(object({ id: text, iat: number, exp: optional(number) }));

export function readAccounts(
  config: Data,
  secret: Data,
): { readonly accounts: readonly LocalAccount[]; readonly faults: readonly DataFault[] } {
  const names = Object.keys(config).flatMap((key) => /^accounts\.([^.]+)(?:\.[^.]+)?$/.exec(key)?.[1] ?? []);
  const faults: DataFault[] = [];
  const accounts = [...new Set([ADMIN, ...names])]
    .sort()
    .map((name) => readAccount({ name, config, secret, fault: (each) => faults.push(each) }));
  return { accounts, faults };
}

interface Reading {
  readonly name: string;
  readonly config: Data;
  readonly secret: Data;
  readonly fault: (fault: DataFault) => void;
}

function readAccount(reading: Reading): LocalAccount {
  const { name, secret } = reading;
  const keys = keysOf(name);
  return {
    name,
    isEnabled: readFlag(reading, keys.enabled) && readFlag(reading, `accounts.${name}.enabled`),
    capabilities: name === ADMIN ? ['login', ...readCapabilities(reading)] : readCapabilities(reading),
    passwordHash: secret[keys.password] ?? '',
    ...timeOf(reading, keys.passwordMtime),
    tokens: readTokens(reading, keys.tokens),
  };
}

/** The account admin has keys of its own. */
function keysOf(name: string): {
  readonly enabled: string;
  readonly password: string;
  readonly passwordMtime: string;
  readonly tokens: string;
} {
  const prefix = name === ADMIN ? ADMIN : `accounts.${name}`;
  return {
    enabled: `${prefix}.enabled`,
    password: `${prefix}.password`,
    passwordMtime: `${prefix}.passwordMtime`,
    tokens: `${prefix}.tokens`,
  };
}

const TRUE: readonly string[] = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const FALSE: readonly string[] = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

/** What cannot be read switches nothing on. */
function readFlag({ config, fault }: Reading, key: string): boolean {
  const value = config[key];
  if (value === undefined || TRUE.includes(value)) return true;
  if (!FALSE.includes(value)) fault({ object: 'argocd-cm', key, problem: `'${value}' is neither true nor false` });
  return false;
}

function readCapabilities({ name, config, fault }: Reading): readonly Capability[] {
  const key = `accounts.${name}`;
  const words = (config[key] ?? '').split(',').map((word) => word.trim());
  return words.flatMap((word) => {
    const capability = CAPABILITIES.find((each) => each === word);
    if (capability) return [capability];
    if (word !== '') {
      const problem = `not supported account capability '${word}'`;
      fault({ object: 'argocd-cm', key, problem, isHarmless: true });
    }
    return [];
  });
}

function timeOf({ secret, fault }: Reading, key: string): { readonly passwordChangedAt?: number } {
  const value = secret[key];
  if (value === undefined || value === '') return {};
  const passwordChangedAt = Date.parse(value);
  if (Number.isNaN(passwordChangedAt)) {
    fault({ object: 'argocd-secret', key, problem: `'${value}' is no time` });
    return {};
  }
  return { passwordChangedAt };
}

function readTokens({ secret, fault }: Reading, key: string): readonly StoredToken[] {
  const value = secret[key];
  if (value === undefined || value === '') return [];
  try {
    const tokens: unknown = JSON.parse(value) ?? [];
    if (fits(TOKENS, tokens)) return tokens;
  } catch {
    // The same as JSON of another shape.
  }
  fault({ object: 'argocd-secret', key, problem: 'it is no list of tokens' });
  return [];
}

/** The keys of argocd-secret that a change of an account writes; null takes one out. */
export type SecretChange = Readonly<Record<string, string | null>>;

export function passwordChange(name: string, hash: string, now: number): SecretChange {
  const keys = keysOf(name);
  return { [keys.password]: hash, [keys.passwordMtime]: timestamp(now) };
}

export function tokensChange(name: string, tokens: readonly StoredToken[]): SecretChange {
  return { [keysOf(name).tokens]: tokens.length === 0 ? null : JSON.stringify(tokens) };
}
