import { list, type Of, object, text } from '../core/shape.ts';

const sentFile = object({
  /** From the root, with slashes. */
  path: text,
  /** Base64. */
  content: text,
});

export interface SentFile extends Of<typeof sentFile> {}

export const sentFiles = object({
  /** Of the source in the root of the files, with slashes; '.' for the root itself. */
  path: text,
  files: list(sentFile),
});

/** The files of a source, sent instead of being fetched. */
export interface SentFiles extends Of<typeof sentFiles> {}
