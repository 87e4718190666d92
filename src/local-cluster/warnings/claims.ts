import { type JsonObject, objectAt, textAt } from '../../core/json.ts';
import { parseQuantity } from '../../objects/quantity.ts';

const NANO = 1_000_000_000n;

/** Parts of bytes cannot be given. */
export function fractionWarnings(amounts: JsonObject, path: string, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const amount = textAt(amounts, name);
    if (amount === '' || parseQuantity(amount).nano % NANO === 0n) return [];
    return [`${path}[${name}]: fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`];
  });
}

/** Of what a claim asks for. */
export const claimWarnings = (spec: JsonObject, path: string): string[] =>
  ['requests', 'limits'].flatMap((part) =>
    fractionWarnings(objectAt(spec, 'resources', part), `${path}.resources.${part}`, ['storage']),
  );
