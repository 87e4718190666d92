// Names and ids that the cluster gives.

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** A random (version 4) UUID. */
export function newUid(random: () => number): string {
  const digits = Array.from({ length: 32 }, (_, index) => {
    if (index === 12) return '4';
    const value = Math.floor(random() * 16);
    return (index === 16 ? (value & 3) | 8 : value).toString(16);
  }).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
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
