// Names and ids that the cluster gives.

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

const HEX = '0123456789abcdef';
/** Where a dash stands, before which of the 32 digits. */
const DASHES: ReadonlySet<number> = new Set([8, 12, 16, 20]);

/** A random (version 4) UUID: every object has one, so that it must be quick. */
export function newUid(random: () => number): string {
  let text = '';
  for (let index = 0; index < 32; index += 1) {
    if (DASHES.has(index)) text += '-';
    const value = index === 12 ? 4 : Math.floor(random() * 16);
    text += HEX[index === 16 ? (value & 3) | 8 : value] ?? '';
  }
  return text;
}

/** Letters and digits of which no word can be made. */
export function randomSuffix(random: () => number, length: number): string {
  return Array.from({ length }, () => ALPHABET[Math.floor(random() * ALPHABET.length)]).join('');
}

const LONGEST_PREFIX = 58;

/** The name for a generateName: a cut prefix and five characters. */
export function generatedName(prefix: string, random: () => number): string {
  return `${prefix.slice(0, LONGEST_PREFIX)}${randomSuffix(random, 5)}`;
}
