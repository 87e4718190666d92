import { HawserError } from '../../core/errors.ts';
import type { Shape } from '../../core/shape.ts';
import type { Context } from '../context.ts';

/** A text of YAML or JSON, and what its documents are. */
interface TypedText {
  readonly text: string;
  /** What errors call it. */
  readonly source: string;
  readonly kind: 'Application' | 'AppProject' | 'ApplicationSet';
}

export interface TypedSpec {
  readonly text: string;
  readonly source: string;
  readonly kind: 'ApplicationSpec' | 'AppProjectSpec';
  /** As the server had it: a newer one may have fields that are not known here. */
  readonly before: unknown;
}

export interface TypedPatch {
  readonly patch: unknown;
  readonly kind: 'Application';
}

/** Secrets with these keys, or objects of a shape. */
export interface TypedConnections {
  readonly text: string;
  readonly source: string;
  readonly keys: readonly string[];
  readonly shape: Shape<unknown>;
}

export type Typed = TypedText | TypedSpec | TypedPatch | TypedConnections;

/** What a document is read to; one that cannot be read is wrong usage, which the reference does not tell apart. */
export function readTyped<T>(read: () => T, { policy }: Pick<Context, 'policy'>): T {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof HawserError) || thrown.code !== 'invalid') throw thrown;
    throw policy.own.add(() => thrown.with({ code: 'usage' }), thrown);
  }
}
