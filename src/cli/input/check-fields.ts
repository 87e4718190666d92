import type { Context } from '../context.ts';
import type { Typed } from './typed-document.ts';

/**
 * Throws `usage` for a field that no type has: it would be dropped, and what was meant by it would not happen. The reference
 * does not look, and takes the rest.
 */
export async function checkFields(typed: Typed, context: Context): Promise<void> {
  const check = context.policy.own.add(() => import('./unknown-fields.ts'), undefined);
  await (await check)?.refuseUnknownFields(typed, context);
}
