// What numbers and bytes have in CEL, and not in the library.

import type { Environment } from '@marcbachmann/cel-js';

const ORDER: Readonly<Record<string, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

const LARGEST = 2n ** 63n - 1n;

function wholeOf(value: unknown): bigint {
  const whole = BigInt(String(value));
  if (whole > LARGEST) throw new Error('integer overflow');
  return whole;
}

export function registerNumbers(environment: Environment): void {
  environment.registerFunction('int(uint): int', wholeOf);
  for (const [operator, holds] of Object.entries(ORDER))
    environment.registerOperator(`bytes ${operator} bytes`, (a: Uint8Array, b: Uint8Array) =>
      holds(Buffer.compare(a, b)),
    );
}
