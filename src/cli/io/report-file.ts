// Reports beside the answer: a file that is written whole or not at all, and files that others write to as well.

import { appendFileSync, promises as fs } from 'node:fs';
import { HawserError, messageOf, systemCode } from '../../core/errors.ts';
import { replacedFile } from '../config/whole-file.ts';

/** A file that is written at the end: that it can be is known before anything is done. */
export interface ReportFile {
  write(text: string): Promise<void>;
  /** Leaves no trace of what was not written. */
  discard(): Promise<void>;
}

export async function openReportFile(path: string, mode?: number): Promise<ReportFile> {
  try {
    const file = await replacedFile(path);
    return file === undefined ? await openDevice(path) : await openWhole(path, file, mode);
  } catch (thrown) {
    throw unwritable(path, thrown);
  }
}

async function openWhole(path: string, file: string, mode?: number): Promise<ReportFile> {
  const next = `${file}.${process.pid}.next`;
  await fs.writeFile(next, '', mode === undefined ? {} : { mode });
  return {
    write: async (text) => {
      try {
        await fs.writeFile(next, text);
        await fs.rename(next, file);
      } catch (thrown) {
        await fs.rm(next, { force: true });
        throw unwritable(path, thrown);
      }
    },
    discard: () => fs.rm(next, { force: true }),
  };
}

/** A device or a pipe: nothing takes its place. */
async function openDevice(path: string): Promise<ReportFile> {
  if ((await fs.stat(path)).isDirectory()) throw new Error('it is a folder');
  return {
    write: async (text) => {
      await fs.writeFile(path, text).catch((thrown: unknown) => {
        throw unwritable(path, thrown);
      });
    },
    discard: async () => undefined,
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
