// Versions and constraints as the Go tools of this field read them (Masterminds/semver), which differs from npm's rules:
// commas join, `v1.2` is a version, and a pre-release fits only a constraint that speaks of one.

import compare from 'semver/functions/compare.js';

interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly prerelease: string;
}

interface Bound {
  readonly operator: string;
  readonly than: Version;
  /** Parts that were left out or are wild. */
  readonly wild: 'none' | 'minor' | 'patch' | 'all';
}

const VERSION =
  /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;
const PART = String.raw`v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?`;
const COMPARISON = new RegExp(String.raw`^(=|!=|>|<|>=|=>|<=|=<|~|~>|\^|)\s*${PART}$`);

export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/** Whether a text leaves a choice of versions. */
export function isConstraint(text: string): boolean {
  return !isVersion(text) && parseConstraint(text) !== undefined;
}

/** The highest of the texts that fits a constraint, as it is written; what is no version is passed over. */
export function maxSatisfying(texts: readonly string[], constraint: string): string | undefined {
  const alternatives = parseConstraint(constraint);
  if (!alternatives) return undefined;
  let best: { readonly text: string; readonly version: Version } | undefined;
  for (const text of texts) {
    const version = parseVersion(text);
    if (!version || !alternatives.some((all) => fitsAll(version, all))) continue;
    if (!best || order(version, best.version) > 0) best = { text, version };
  }
  return best?.text;
}

function parseVersion(text: string): Version | undefined {
  const match = VERSION.exec(text);
  if (!match) return undefined;
  const [, major, minor = '0', patch = '0', prerelease = ''] = match;
  return { major: Number(major), minor: Number(minor), patch: Number(patch), prerelease };
}

function parseConstraint(text: string): Bound[][] | undefined {
  const alternatives: Bound[][] = [];
  for (const part of text.split('||')) {
    const spread = part.replace(new RegExp(String.raw`(${PART})\s+-\s+(${PART})`, 'g'), hyphenRange);
    const words = spread
      .replaceAll(/([=!<>~^])\s+/g, '$1')
      .split(/[\s,]+/)
      .filter((word) => word !== '');
    const comparisons = words.map(parseComparison);
    if (words.length === 0 || comparisons.some((comparison) => comparison === undefined)) return undefined;
    alternatives.push(comparisons.flatMap((comparison) => comparison ?? []));
  }
  return alternatives;
}

/** '1.2 - 3' → '>=1.2 <=3'. The groups of the two versions lie between. */
function hyphenRange(_all: string, from: string, ...rest: readonly string[]): string {
  return `>=${from} <=${rest[4] ?? ''}`;
}

function parseComparison(word: string): Bound | undefined {
  const match = COMPARISON.exec(word);
  if (!match) return undefined;
  const [, operator = '', major = '', minor, patch, prerelease = ''] = match;
  const wild = (part: string | undefined): boolean => part === undefined || /^[xX*]$/.test(part);
  const than = {
    major: wild(major) ? 0 : Number(major),
    minor: wild(major) || wild(minor) ? 0 : Number(minor),
    patch: wild(major) || wild(minor) || wild(patch) ? 0 : Number(patch),
    prerelease,
  };
  return { operator, than, wild: wild(major) ? 'all' : wild(minor) ? 'minor' : wild(patch) ? 'patch' : 'none' };
}

/** A pre-release fits when one of the comparisons that are joined speaks of one. */
function fitsAll(version: Version, all: readonly Bound[]): boolean {
  if (version.prerelease !== '' && all.every(({ than }) => than.prerelease === '')) return false;
  return all.every((comparison) => OPERATORS[comparison.operator]?.(version, comparison) ?? false);
}

type Fits = (version: Version, comparison: Bound) => boolean;

const atLeast: Fits = (version, { than }) => order(version, than) >= 0;

const above: Fits = (version, { than, wild }) => {
  if (wild === 'none') return order(version, than) > 0;
  if (version.major !== than.major) return version.major > than.major;
  return wild === 'patch' && version.minor > than.minor;
};

const atMost: Fits = (version, { than, wild }) => {
  if (wild === 'none') return order(version, than) <= 0;
  if (version.major > than.major) return false;
  return !(version.major === than.major && version.minor > than.minor && wild === 'patch');
};

const tilde: Fits = (version, { than, wild }) => {
  if (wild === 'all') return true;
  if (order(version, than) < 0 || version.major !== than.major) return false;
  return wild === 'minor' || version.minor === than.minor;
};

const caret: Fits = (version, { than, wild }) => {
  if (wild === 'all') return true;
  if (order(version, than) < 0 || version.major !== than.major) return false;
  if (than.major > 0 || wild === 'minor') return true;
  if (than.minor > 0 || wild === 'patch') return version.minor === than.minor;
  return version.minor === 0 && version.patch === than.patch;
};

const equal: Fits = (version, comparison) =>
  comparison.wild === 'none' ? order(version, comparison.than) === 0 : tilde(version, comparison);

const OPERATORS: Readonly<Record<string, Fits>> = {
  '': equal,
  '=': equal,
  '!=': (version, comparison) => !equal(version, comparison),
  '>': above,
  '<': (version, { than }) => order(version, than) < 0,
  '>=': atLeast,
  '=>': atLeast,
  '<=': atMost,
  '=<': atMost,
  '~': tilde,
  '~>': tilde,
  '^': caret,
};

function order(a: Version, b: Version): number {
  return compare(written(a), written(b), true);
}

const written = ({ major, minor, patch, prerelease }: Version): string =>
  `${major}.${minor}.${patch}${prerelease === '' ? '' : `-${prerelease}`}`;
