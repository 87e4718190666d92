// Versions in rules, as Kubernetes' library of semantic versions reads and compares them.

import type { Environment } from '@marcbachmann/cel-js';

/** A part of what comes before a release: numbers come before words. */
type Part = bigint | string;

class Semver {
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly before: readonly Part[];
  constructor(text: string) {
    const [core = '', before] = text.replace(/\+.*$/, '').split(/-(.*)/);
    const [major = '', minor, patch, ...more] = core.split('.');
    if (minor === undefined || patch === undefined || more.length > 0)
      throw new Error('No Major.Minor.Patch elements found');
    this.numbers = [numberOf(major, 'major'), numberOf(minor, 'minor'), numberOf(patch, 'patch')];
    this.before = before === undefined ? [] : before.split('.').map(partOf);
    const build = /\+(.*)$/.exec(text)?.[1];
    if (build?.split('.').some((part) => !/^[0-9A-Za-z-]+$/.test(part)))
      throw new Error(
        build === ''
          ? 'Build meta data is empty'
          : `Invalid character(s) found in build meta data ${JSON.stringify(build)}`,
      );
  }
}

function numberOf(text: string, name: string): bigint {
  if (!/^[0-9]*$/.test(text)) throw new Error(`Invalid character(s) found in ${name} number ${JSON.stringify(text)}`);
  if (text.length > 1 && text.startsWith('0'))
    throw new Error(
      `${name[0]?.toUpperCase()}${name.slice(1)} number must not contain leading zeroes ${JSON.stringify(text)}`,
    );
  if (text === '') throw new Error('strconv.ParseUint: parsing "": invalid syntax');
  return BigInt(text);
}

function partOf(text: string): Part {
  if (text === '') throw new Error('Prerelease is empty');
  if (/^[0-9]+$/.test(text)) {
    if (text.length > 1 && text.startsWith('0'))
      throw new Error(`Numeric PreRelease version must not contain leading zeroes ${JSON.stringify(text)}`);
    return BigInt(text);
  }
  if (!/^[0-9A-Za-z-]+$/.test(text))
    throw new Error(`Invalid character(s) found in prerelease ${JSON.stringify(text)}`);
  return text;
}

const order = (a: Part, b: Part): number => {
  if (typeof a !== typeof b) return typeof a === 'bigint' ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
};

function compare(a: Semver, b: Semver): number {
  const core = a.numbers.map((number, index) => order(number, b.numbers[index] ?? 0n)).find((sign) => sign !== 0);
  if (core !== undefined) return core;
  // A release comes after all that is before it.
  if (a.before.length === 0 || b.before.length === 0)
    return Number(a.before.length === 0) - Number(b.before.length === 0);
  const parts = a.before.map((part, index) => {
    const other = b.before[index];
    return other === undefined ? 1 : order(part, other);
  });
  return parts.find((sign) => sign !== 0) ?? Math.sign(a.before.length - b.before.length);
}

/** What people write of a version: a 'v' before it, fewer than three numbers, zeros before these. */
function normalized(text: string): string {
  const [, core = '', rest = ''] = /^([^-+]*)(.*)$/.exec(text.trim().replace(/^v/, '')) ?? [];
  const numbers = core.split('.').map((number) => number.replace(/^0+(?=[0-9])/, ''));
  return [...numbers, '0', '0'].slice(0, Math.max(3, numbers.length)).join('.') + rest;
}

function isSemver(text: string): boolean {
  try {
    return new Semver(text).numbers.length > 0;
  } catch {
    return false;
  }
}

export function registerSemver(environment: Environment): void {
  const read = (text: string, isLoose: boolean): string => (isLoose ? normalized(text) : text);
  environment
    .registerType('kubernetes.Semver', { ctor: Semver, fields: {} })
    .registerOperator('kubernetes.Semver == kubernetes.Semver', (a: Semver, b: Semver) => compare(a, b) === 0)
    .registerFunction('isSemver(string): bool', isSemver)
    .registerFunction('isSemver(string, bool): bool', (text: string, isLoose: boolean) => isSemver(read(text, isLoose)))
    .registerFunction('semver(string): kubernetes.Semver', (text: string) => new Semver(text))
    .registerFunction(
      'semver(string, bool): kubernetes.Semver',
      (text: string, isLoose: boolean) => new Semver(read(text, isLoose)),
    )
    .registerFunction('kubernetes.Semver.major(): int', ({ numbers }: Semver) => numbers[0])
    .registerFunction('kubernetes.Semver.minor(): int', ({ numbers }: Semver) => numbers[1])
    .registerFunction('kubernetes.Semver.patch(): int', ({ numbers }: Semver) => numbers[2])
    .registerFunction('kubernetes.Semver.compareTo(kubernetes.Semver): int', (a: Semver, b: Semver) =>
      BigInt(compare(a, b)),
    )
    .registerFunction(
      'kubernetes.Semver.isLessThan(kubernetes.Semver): bool',
      (a: Semver, b: Semver) => compare(a, b) < 0,
    )
    .registerFunction(
      'kubernetes.Semver.isGreaterThan(kubernetes.Semver): bool',
      (a: Semver, b: Semver) => compare(a, b) > 0,
    );
}
