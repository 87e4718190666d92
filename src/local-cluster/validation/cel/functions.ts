// The functions that Kubernetes adds to those of CEL: of lists, texts, expressions, addresses, URLs, quantities and versions.

import { isIP } from 'node:net';
import type { Environment } from '@marcbachmann/cel-js';
import { compileRegExp, compileSearch } from '../../../core/regexp.ts';
import { compareQuantities, parseQuantity, sumQuantities } from '../../../objects/quantity.ts';
import { canonicalAddress, canonicalCidr, isInside, isLinkLocal, parseCidr } from '../addresses.ts';
import { addressFault, cidrFault } from './address-faults.ts';
import { registerAuthorizer } from './authorizer.ts';
import { spend } from './cost.ts';
import { type MakeOptional, presentOf } from './missable.ts';
import { registerMoreLists } from './more-lists.ts';
import { registerFormats } from './named-formats.ts';
import { registerNumbers } from './numbers.ts';
import { registerSemver } from './semver.ts';
import { registerTexts } from './texts.ts';

/** A number of CEL, or a text: what lists can be put in order by. */
type Ordered = bigint | number | string;

const isOrdered = (value: unknown): value is Ordered =>
  typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string';

function ordered(list: readonly unknown[]): Ordered[] {
  const values = list.filter(isOrdered);
  if (values.length < list.length) throw new Error('no such overload');
  return values;
}

class Url {
  readonly parsed: URL;
  readonly path: string;
  constructor(text: string) {
    if (!isUrl(text))
      throw new Error(`URL parse error during conversion from string: parse "${text}": invalid URI for request`);
    this.parsed = new URL(text, 'http://none.invalid');
    // Nothing after the host is no path.
    this.path = this.parsed.pathname === '/' && /^[^/]*\/\/[^/?#]*(?:[?#]|$)/.test(text) ? '' : this.parsed.pathname;
  }
}

const isUrl = (text: string): boolean =>
  text.startsWith('/') ? true : /^[a-z][a-z0-9+.-]*:/i.test(text) && URL.canParse(text);

class Ip {
  readonly text: string;
  constructor(text: string) {
    const fault = addressFault(text);
    if (fault !== undefined) throw new Error(fault);
    this.text = text;
  }
}

class Cidr {
  readonly text: string;
  constructor(text: string) {
    const fault = cidrFault(text);
    if (fault !== undefined) throw new Error(fault);
    this.text = text;
  }
}

class Quantity {
  readonly text: string;
  constructor(text: string) {
    parseQuantity(text);
    this.text = text;
  }
}

const isQuantity = (text: string): boolean => {
  try {
    parseQuantity(text);
    return true;
  } catch {
    return false;
  }
};

function containsNetwork(whole: Cidr, text: string): boolean {
  const [outer, inner] = [parseCidr(whole.text), parseCidr(text)];
  if (!outer || !inner) return false;
  return isInside(inner, outer) || (outer.address === inner.address && outer.bits === inner.bits);
}

const NANO = 1_000_000_000n;
const LARGEST = 2n ** 63n;

function wholeOf(text: string): bigint {
  const { nano } = parseQuantity(text);
  const whole = nano / NANO;
  if (nano % NANO !== 0n || whole >= LARGEST || whole < -LARGEST) throw new Error('cannot convert value to integer');
  return whole;
}

export function registerFunctions(environment: Environment, optionalOf: MakeOptional): void {
  registerLists(environment);
  registerPatterns(environment);
  registerTexts(environment);
  registerNumbers(environment);
  registerMoreLists(environment, optionalOf);
  registerFormats(environment, optionalOf);
  registerUrls(environment);
  registerAddresses(environment);
  registerQuantities(environment);
  registerSets(environment);
  registerAuthorizer(environment);
  registerSemver(environment);
  registerJsonPatch(environment);
}

function sum(list: readonly unknown[]): bigint | number {
  const numbers = list.map((value) => (typeof value === 'bigint' || typeof value === 'number' ? value : 0n));
  return numbers.every((value) => typeof value === 'bigint')
    ? numbers.reduce((total, value) => total + BigInt(value), 0n)
    : numbers.reduce((total: number, value) => total + Number(value), 0);
}

function most(list: readonly unknown[], name: string, better: (a: Ordered, b: Ordered) => boolean): Ordered {
  const [first, ...rest] = ordered(list);
  if (first === undefined) throw new Error(`${name} called on empty list`);
  return rest.reduce((best, value) => (better(value, best) ? value : best), first);
}

const indexOf = (list: readonly unknown[], wanted: unknown): bigint => BigInt(list.indexOf(wanted));

const keysOf = (whole: unknown): unknown[] => {
  if (Array.isArray(whole)) return whole.map((_item, index) => BigInt(index));
  if (whole instanceof Map) return [...whole.keys()];
  return typeof whole === 'object' && whole !== null ? Object.keys(whole) : [];
};

const mapOf = (keys: readonly unknown[], values: readonly unknown[]): Map<unknown, unknown> =>
  new Map(keys.map((key, index) => [key, values[index]]));

const presentItems = (values: readonly unknown[], mayMiss: readonly unknown[]): unknown[] =>
  values.flatMap((value, index) => {
    const item = mayMiss[index] === true ? presentOf(value) : value;
    return item === undefined ? [] : [item];
  });

function structOf(keys: readonly unknown[], values: readonly unknown[], mayMiss: readonly unknown[]): unknown {
  const fields = keys.map(
    (key, index) => [key, mayMiss[index] === true ? presentOf(values[index]) : values[index]] as const,
  );
  return new Map(fields.filter(([, value]) => value !== undefined));
}

/** The namespace of what patches need. */
class JsonPatchNames {}

function registerJsonPatch(environment: Environment): void {
  environment
    .registerType('JSONPatchNames', { ctor: JsonPatchNames, fields: {} })
    .registerConstant('jsonpatch', 'JSONPatchNames', new JsonPatchNames())
    .registerFunction('JSONPatchNames.escapeKey(string): string', (_names: JsonPatchNames, key: string) =>
      key.replaceAll('~', '~0').replaceAll('/', '~1'),
    );
}

function registerLists(environment: Environment): void {
  environment
    .registerFunction('list<dyn>.isSorted(): bool', (list: unknown[]) =>
      ordered(list).every((value, index, all) => index === 0 || (all[index - 1] ?? value) <= value),
    )
    .registerFunction('list<dyn>.sum(): dyn', sum)
    .registerFunction('list<dyn>.min(): dyn', (list: unknown[]) => most(list, 'min', (a, b) => a < b))
    .registerFunction('list<dyn>.max(): dyn', (list: unknown[]) => most(list, 'max', (a, b) => a > b))
    .registerFunction('list<dyn>.indexOf(dyn): int', indexOf)
    .registerFunction('list<dyn>.lastIndexOf(dyn): int', (list: unknown[], wanted: unknown) =>
      BigInt(list.lastIndexOf(wanted)),
    )
    .registerFunction('list<dyn>.distinct(): list<dyn>', (list: unknown[]) => [...new Set(list)])
    .registerFunction('list<dyn>.reverse(): list<dyn>', (list: unknown[]) => list.toReversed())
    // What macros with two variables are written in.
    .registerFunction('keysOf(dyn): list<dyn>', keysOf)
    .registerFunction('mapOf(list<dyn>, list<dyn>): map<dyn, dyn>', mapOf)
    // What structures and lists with values that may be missing are written in.
    .registerFunction('listOf(list<dyn>, list<dyn>): list<dyn>', presentItems)
    .registerFunction('structOf(list<dyn>, list<dyn>, list<dyn>): dyn', structOf);
}

function replace(text: string, old: string, fresh: string, most: bigint): string {
  const parts = text.split(old);
  const count = most < 0n ? parts.length - 1 : Math.min(Number(most), parts.length - 1);
  return (
    parts.slice(0, count + 1).join(fresh) +
    parts
      .slice(count + 1)
      .map((part) => old + part)
      .join('')
  );
}

function registerPatterns(environment: Environment): void {
  environment
    .registerFunction('string.replace(string, string): string', (text: string, old: string, fresh: string) =>
      text.replaceAll(old, fresh),
    )
    .registerFunction('string.replace(string, string, int): string', replace)
    .registerFunction('string.matchesRe2(string): bool', fits)
    .registerFunction('matchesRe2(string, string): bool', fits)
    .registerFunction(
      'string.find(string): string',
      (text: string, pattern: string) => search(text, pattern, 1)[0] ?? '',
    )
    .registerFunction('string.findAll(string): list<string>', (text: string, pattern: string) => search(text, pattern))
    .registerFunction('string.findAll(string, int): list<string>', (text: string, pattern: string, most: bigint) =>
      search(text, pattern, most < 0n ? undefined : Number(most)),
    );
}

/** Looking for a pattern costs what both lengths multiply to. */
function read<T>(text: string, pattern: string, compiled: T | undefined): T {
  spend(Math.ceil((text.length + 1) * 0.1) * Math.ceil(pattern.length * 0.25));
  if (compiled === undefined) throw new Error(`error parsing regexp: ${pattern}`);
  return compiled;
}

const fits = (text: string, pattern: string): boolean => read(text, pattern, patternOf(pattern))(text);

const search = (text: string, pattern: string, most?: number): string[] =>
  read(text, pattern, compileSearch(pattern))(text, most);

const patterns = new Map<string, ((text: string) => boolean) | undefined>();

function patternOf(pattern: string): ((text: string) => boolean) | undefined {
  if (!patterns.has(pattern)) patterns.set(pattern, compileRegExp(pattern));
  return patterns.get(pattern);
}

const setsOf = (lists: readonly (readonly unknown[])[]): Set<unknown>[] => lists.map((list) => new Set(list));

/** Lists as sets, under the name that all their functions have. */
class Sets {}

function registerSets(environment: Environment): void {
  environment
    .registerType('Sets', { ctor: Sets, fields: {} })
    .registerConstant('sets', 'Sets', new Sets())
    .registerFunction('Sets.contains(list<dyn>, list<dyn>): bool', (_sets: Sets, list: unknown[], part: unknown[]) => {
      const [whole = new Set()] = setsOf([list]);
      return part.every((item) => whole.has(item));
    })
    .registerFunction('Sets.equivalent(list<dyn>, list<dyn>): bool', (_sets: Sets, a: unknown[], b: unknown[]) => {
      const [one = new Set(), other = new Set()] = setsOf([a, b]);
      return [...one].every((item) => other.has(item)) && [...other].every((item) => one.has(item));
    })
    .registerFunction('Sets.intersects(list<dyn>, list<dyn>): bool', (_sets: Sets, a: unknown[], b: unknown[]) => {
      const [one = new Set()] = setsOf([a]);
      return b.some((item) => one.has(item));
    });
}

function queryOf({ searchParams }: URL): Map<string, string[]> {
  return new Map([...new Set(searchParams.keys())].map((key) => [key, searchParams.getAll(key)]));
}

function registerUrls(environment: Environment): void {
  environment
    .registerType('kubernetes.URL', { ctor: Url, fields: {} })
    .registerOperator('kubernetes.URL == kubernetes.URL', (a: Url, b: Url) => a.parsed.href === b.parsed.href)
    .registerFunction('isURL(string): bool', isUrl)
    .registerFunction('url(string): kubernetes.URL', (text: string) => new Url(text))
    .registerFunction('kubernetes.URL.getScheme(): string', ({ parsed }: Url) => parsed.protocol.replace(':', ''))
    .registerFunction('kubernetes.URL.getHost(): string', ({ parsed }: Url) => parsed.host)
    .registerFunction('kubernetes.URL.getHostname(): string', ({ parsed }: Url) =>
      parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    )
    .registerFunction('kubernetes.URL.getQuery(): map<string, list<string>>', ({ parsed }: Url) => queryOf(parsed))
    .registerFunction('kubernetes.URL.getPort(): string', ({ parsed }: Url) => parsed.port)
    .registerFunction('kubernetes.URL.getEscapedPath(): string', ({ path }: Url) => path);
}

/** The namespace of addresses. */
class AddressNames {}

const isLocalMulticast = (text: string): boolean => /^224\.0\.0\.|^ff.2:/i.test(text);

const isMulticast = (text: string): boolean => (isIP(text) === 4 ? firstByte(text) >> 4 === 14 : /^ff/i.test(text));

/** Any address of one host that others can reach. */
const isGlobalUnicast = (text: string): boolean =>
  !['0.0.0.0', '255.255.255.255', '::', '::1'].includes(canonicalAddress(text)) &&
  !(isIP(text) === 4 && firstByte(text) === 127) &&
  !isMulticast(text) &&
  !isLinkLocal(text);

const firstByte = (text: string): number => Number(text.split('.')[0]);

function registerAddresses(environment: Environment): void {
  const contains = (whole: Cidr, text: string): boolean => {
    if (isIP(text) === 0) throw new Error('no such overload');
    const [outer, bits] = [parseCidr(whole.text), isIP(text) === 4 ? 32 : 128];
    if (!outer) return false;
    return outer.bits === bits ? outer.address === text : isInside({ address: text, bits }, outer);
  };
  environment
    .registerType('net.IP', { ctor: Ip, fields: {} })
    .registerType('net.CIDR', { ctor: Cidr, fields: {} })
    .registerType('AddressNames', { ctor: AddressNames, fields: {} })
    .registerConstant('ip', 'AddressNames', new AddressNames())
    .registerFunction(
      'AddressNames.isCanonical(string): bool',
      (_names: AddressNames, text: string) => canonicalAddress(new Ip(text).text) === text,
    )
    .registerFunction('isIP(string): bool', (text: string) => addressFault(text) === undefined)
    .registerFunction('stringOf(net.IP): string', ({ text }: Ip) => canonicalAddress(text))
    .registerFunction('stringOf(net.CIDR): string', ({ text }: Cidr) => text)
    .registerOperator('net.IP == net.IP', (a: Ip, b: Ip) => canonicalAddress(a.text) === canonicalAddress(b.text))
    .registerOperator('net.CIDR == net.CIDR', (a: Cidr, b: Cidr) => a.text === b.text)
    .registerFunction('net.IP.isLinkLocalMulticast(): bool', ({ text }: Ip) => isLocalMulticast(text))
    .registerFunction('net.IP.isGlobalUnicast(): bool', ({ text }: Ip) => isGlobalUnicast(text))
    .registerFunction('net.CIDR.masked(): net.CIDR', ({ text }: Cidr) => new Cidr(canonicalCidr(text)))
    .registerFunction('ip(string): net.IP', (text: string) => new Ip(text))
    .registerFunction('net.IP.family(): int', ({ text }: Ip) => BigInt(isIP(text)))
    .registerFunction('net.IP.isUnspecified(): bool', ({ text }: Ip) =>
      ['0.0.0.0', '::'].includes(canonicalAddress(text)),
    )
    .registerFunction(
      'net.IP.isLoopback(): bool',
      ({ text }: Ip) => firstByte(text) === 127 || canonicalAddress(text) === '::1',
    )
    .registerFunction('net.IP.isLinkLocalUnicast(): bool', ({ text }: Ip) => isLinkLocal(text))
    .registerFunction('isCIDR(string): bool', (text: string) => cidrFault(text) === undefined)
    .registerFunction('cidr(string): net.CIDR', (text: string) => new Cidr(text))
    .registerFunction('net.CIDR.containsIP(string): bool', contains)
    .registerFunction('net.CIDR.containsIP(net.IP): bool', (whole: Cidr, { text }: Ip) => contains(whole, text))
    .registerFunction('net.CIDR.containsCIDR(string): bool', (whole: Cidr, text: string) =>
      containsNetwork(whole, text),
    )
    .registerFunction('net.CIDR.containsCIDR(net.CIDR): bool', (whole: Cidr, { text }: Cidr) =>
      containsNetwork(whole, text),
    )
    .registerFunction('net.CIDR.prefixLength(): int', ({ text }: Cidr) => BigInt(parseCidr(text)?.bits ?? 0))
    .registerFunction('net.CIDR.ip(): net.IP', ({ text }: Cidr) => new Ip(parseCidr(text)?.address ?? ''));
}

const negative = (text: string): string => (text.startsWith('-') ? text.slice(1) : `-${text.replace(/^\+/, '')}`);

function registerQuantities(environment: Environment): void {
  environment
    .registerType('kubernetes.Quantity', { ctor: Quantity, fields: {} })
    .registerFunction('isQuantity(string): bool', isQuantity)
    .registerFunction('quantity(string): kubernetes.Quantity', (text: string) => new Quantity(text))
    .registerFunction(
      'kubernetes.Quantity.isInteger(): bool',
      ({ text }: Quantity) => parseQuantity(text).nano % NANO === 0n,
    )
    .registerFunction('kubernetes.Quantity.asInteger(): int', ({ text }: Quantity) => wholeOf(text))
    .registerOperator(
      'kubernetes.Quantity == kubernetes.Quantity',
      (a: Quantity, b: Quantity) => compareQuantities(a.text, b.text) === 0,
    )
    .registerFunction(
      'kubernetes.Quantity.asApproximateFloat(): double',
      ({ text }: Quantity) => Number(parseQuantity(text).nano) / 1e9,
    )
    .registerFunction(
      'kubernetes.Quantity.add(kubernetes.Quantity): kubernetes.Quantity',
      (a: Quantity, b: Quantity) => new Quantity(sumQuantities([a.text, b.text])),
    )
    .registerFunction(
      'kubernetes.Quantity.add(int): kubernetes.Quantity',
      (a: Quantity, b: bigint) => new Quantity(sumQuantities([a.text, String(b)])),
    )
    .registerFunction(
      'kubernetes.Quantity.sub(kubernetes.Quantity): kubernetes.Quantity',
      (a: Quantity, b: Quantity) => new Quantity(sumQuantities([a.text, negative(b.text)])),
    )
    .registerFunction(
      'kubernetes.Quantity.sub(int): kubernetes.Quantity',
      (a: Quantity, b: bigint) => new Quantity(sumQuantities([a.text, String(-b)])),
    )
    .registerFunction('kubernetes.Quantity.compareTo(kubernetes.Quantity): int', (a: Quantity, b: Quantity) =>
      BigInt(compareQuantities(a.text, b.text)),
    )
    .registerFunction(
      'kubernetes.Quantity.isLessThan(kubernetes.Quantity): bool',
      (a: Quantity, b: Quantity) => compareQuantities(a.text, b.text) < 0,
    )
    .registerFunction(
      'kubernetes.Quantity.isGreaterThan(kubernetes.Quantity): bool',
      (a: Quantity, b: Quantity) => compareQuantities(a.text, b.text) > 0,
    );
}
