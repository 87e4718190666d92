// Reports beside the answer: a file that is written whole or not at all, and files that others write to as well.

import { appendFileSync, promises as fs } from 'node:fs';
import { HawserError, messageOf, systemCode } from '../../core/errors.ts';

/** A file that is written at the end: that it can be is known before anything is done. */
export interface ReportFile {
  write(text: string): Promise<void>;
  /** Leaves no trace of what was not written. */
  discard(): Promise<void>;
}

export async function openReportFile(path: string): Promise<ReportFile> {
  const next = `${path}.${process.pid}.next`;
  try {
    if ((await fs.stat(path).catch(() => undefined))?.isDirectory()) throw new Error('it is a folder');
    await fs.writeFile(next, '');
  } catch (thrown) {
    throw unwritable(path, thrown);
  }
  return {
    write: async (text) => {
      try {
        await fs.writeFile(next, text);
        await fs.rename(next, path);
      } catch (thrown) {
        await fs.rm(next, { force: true });
        throw unwritable(path, thrown);
      }
    },
    discard: () => fs.rm(next, { force: true }),
  };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  EACCES: 'permission denied',
  ENOSPC: 'the disk is full',
  EROFS: 'it is on a read-only disk',
};

export const unwritable = (path: string, thrown: unknown): HawserError =>
  new HawserError('usage', `cannot write ${path}: ${REASONS[systemCode(thrown)] ?? messageOf(thrown)}`, {
    hint: 'give the path of a file in a folder that is there',
    cause: thrown,
  });

/** Adds to a file that a pipeline names; throws where that cannot be done. */
export function appendToFile(path: string, text: string): void {
  appendFileSync(path, text);
}
