import { HawserError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import type { Context } from '../context.ts';

export interface MissingName {
  /** 'project'. */
  readonly what: string;
  readonly name: string;
  /** The names that there are; a failure to list them is none. */
  readonly names: () => Promise<readonly string[]>;
  /** The command that lists them. */
  readonly list: string;
}

/** What is not there is told in our words, with names like its own; the reference says what its server does. */
export async function refuseMissing(thrown: unknown, missing: MissingName, context: Context): Promise<never> {
  if (!(thrown instanceof HawserError) || thrown.code !== 'not-found') throw thrown;
  throw await context.policy.own.add(() => notFound(thrown, missing), Promise.resolve(thrown));
}

async function notFound(thrown: HawserError, { what, name, names, list }: MissingName): Promise<HawserError> {
  const near = nearest(name, await names().catch(() => []));
  const hint = near.length > 0 ? `did you mean '${near.join("' or '")}'?` : list;
  return thrown.with({ message: `${what} '${name}' not found`, hint });
}
