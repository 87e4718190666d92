import { list, object, type Shape, text } from '../core/shape.ts';

/** The files of a source, sent instead of being fetched. */
export interface SentFiles {
  /** Of the source in the root of the files, with slashes; '.' for the root itself. */
  readonly path: string;
  readonly files: readonly SentFile[];
}

export interface SentFile {
  /** From the root, with slashes. */
  readonly path: string;
  /** Base64. */
  readonly content: string;
}

export const sentFiles: Shape<SentFiles> = object<SentFiles>({
  path: text,
  files: list(object<SentFile>({ path: text, content: text })),
});
