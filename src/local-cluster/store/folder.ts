// The journal in a folder: one append-only file that starts with a snapshot. Compaction writes a new file beside it and
// renames, so there is always one whole file under the name.

import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HawserError, messageOf, systemCode } from '../../core/errors.ts';
import { type Json, numberAt, textAt } from '../../core/json.ts';
import { batchOf, decodeLine, encodeLine, FORMAT, header, readBatch } from './record.ts';
import { createStore, type Journal, type Store, type StoredState, type Write } from './store.ts';

const FILE = 'cluster.log';
/** The log is written anew when it is so much longer than what it holds. */
const GROWTH = 4;
const LEAST = 1_000_000;
const OBJECTS_A_BATCH = 200;

export interface OpenedStore {
  readonly store: Store;
  /** What the caller should tell: a torn record that was cut. */
  readonly warnings: readonly string[];
}

/** Opens the state kept in a folder, or an empty one; throws `broken-state` and changes nothing when it is damaged. */
export async function openFolderStore(folder: string): Promise<OpenedStore> {
  const path = join(folder, FILE);
  const bytes = await readIfThere(path);
  const content = parseLog(bytes.toString('utf8'), path);
  const file = await openForWriting(folder, path);
  const warnings: string[] = [];
  try {
    await rm(`${path}.new`, { force: true });
    if (content.length < bytes.length) {
      await file.truncate(content.length);
      warnings.push(`${path}: the last write was cut short and is left out (${bytes.length - content.length} bytes)`);
    }
    if (content.length === 0) {
      const first = encodeLine(header());
      await file.write(first, 0);
      await file.sync();
      await syncFolder(folder);
      content.length = Buffer.byteLength(first);
    } else if (content.unfinished) {
      await file.write('\n', content.length);
      content.length += 1;
    }
  } catch (thrown) {
    await file.close();
    throw refused(thrown, path);
  }
  const journal = folderJournal(folder, file, content);
  return { store: createStore(journal, content), warnings };
}

interface LogContent extends StoredState {
  readonly entries: Iterable<Write>;
  /** Bytes that are whole records. */
  length: number;
  /** The last record is whole but for its line end. */
  readonly unfinished: boolean;
  /** About how long the log would be without what has been overwritten since. */
  readonly live: number;
}

function parseLog(text: string, path: string): LogContent {
  const objects = new Map<string, Sized>();
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  let revision = 0;
  let length = 0;
  lines.forEach((line, index) => {
    const value = decodeLine(line);
    const last = index === lines.length - 1 && rest === '';
    if (value === undefined) {
      // A cut by a power failure may leave holes of zeros; anything else in a finished line is damage.
      if (last && line.includes('\0')) return;
      throw damaged(path, index + 1);
    }
    if (index === 0) checkHeader(value, path);
    else revision = applyBatch(objects, { value, size: line.length }, path);
    length += Buffer.byteLength(line) + 1;
  });
  const value = decodeLine(rest);
  const unfinished = value !== undefined;
  if (value !== undefined) {
    if (lines.length === 0) checkHeader(value, path);
    else revision = applyBatch(objects, { value, size: rest.length }, path);
    length += Buffer.byteLength(rest);
  }
  const kept = [...objects.values()];
  const live = kept.reduce((sum, { size }) => sum + size, 0);
  return { revision, entries: kept.map(({ write }) => write), length, unfinished, live };
}

function checkHeader(value: Json | undefined, path: string): void {
  const format = numberAt(value, 'format');
  if (textAt(value, 'hawser') !== 'local-cluster' || format === undefined) {
    throw new HawserError('broken-state', `'${path}' is not the state of a local cluster`);
  }
  if (format > FORMAT) {
    throw new HawserError(
      'broken-state',
      `'${path}' was written by a newer hawser (format ${format}, known is ${FORMAT})`,
      {
        hint: 'npm install -g hawser@latest',
      },
    );
  }
}

interface Sized {
  readonly write: Write;
  readonly size: number;
}

function applyBatch(
  objects: Map<string, Sized>,
  line: { readonly value: Json; readonly size: number },
  path: string,
): number {
  const batch = readBatch(line.value);
  if (!batch) throw new HawserError('broken-state', `'${path}' holds a record that cannot be read`);
  for (const write of batch.writes) {
    const key = `${write.resource}/${write.namespace}/${write.name}`;
    if (write.object) objects.set(key, { write, size: line.size / batch.writes.length });
    else objects.delete(key);
  }
  return batch.revision;
}

function folderJournal(folder: string, opened: FileHandle, content: LogContent): Journal {
  const path = join(folder, FILE);
  let file = opened;
  let { length } = content;
  // Measured by what is alive, not by what was found: many short runs must not let the log grow for ever.
  let compacted = content.live;
  let broken: HawserError | undefined;

  /** After a failed write the file is cut back to what was acknowledged. */
  async function cutBack(thrown: unknown): Promise<HawserError> {
    const error = refused(thrown, path);
    try {
      await file.truncate(length);
    } catch {
      broken = error;
    }
    return error;
  }

  return {
    append: async (changes) => {
      if (broken) throw broken;
      const line = Buffer.from(encodeLine(batchOf(changes, changes.at(-1)?.revision ?? 0)));
      try {
        await writeWhole(file, line, length);
      } catch (thrown) {
        throw await cutBack(thrown);
      }
      try {
        await file.datasync();
      } catch (thrown) {
        // After a failed fsync nobody knows what the disk has: no further write may be acknowledged.
        broken = refused(thrown, path);
        await cutBack(thrown);
        throw broken;
      }
      length += line.length;
    },
    compact: async (state) => {
      if (broken || length < LEAST || length < compacted * GROWTH) return;
      try {
        const written = await writeSnapshot(folder, state());
        const next = await open(path, 'r+');
        await file.close();
        file = next;
        length = written;
        compacted = written;
      } catch {
        // The old log goes on to serve; it is tried again when it has grown as much once more.
        compacted = length;
      }
    },
    close: () => file.close(),
  };
}

async function writeSnapshot(folder: string, state: StoredState): Promise<number> {
  const path = join(folder, FILE);
  const file = await open(`${path}.new`, 'w');
  let length = 0;
  try {
    const append = async (text: string): Promise<void> => {
      const bytes = Buffer.from(text);
      await writeWhole(file, bytes, length);
      length += bytes.length;
    };
    await append(encodeLine(header()));
    let writes: Write[] = [];
    for (const entry of state.entries) {
      writes.push(entry);
      if (writes.length < OBJECTS_A_BATCH) continue;
      await append(encodeLine(batchOf(writes, state.revision)));
      writes = [];
    }
    await append(encodeLine(batchOf(writes, state.revision)));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  await syncFolder(folder);
  return length;
}

async function writeWhole(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function readIfThere(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return Buffer.alloc(0);
    throw refused(thrown, path);
  }
}

async function openForWriting(folder: string, path: string): Promise<FileHandle> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await open(path, 'r+').catch((thrown: unknown) => {
      if (systemCode(thrown) === 'ENOENT') return open(path, 'wx+', 0o600);
      throw thrown;
    });
  } catch (thrown) {
    throw refused(thrown, path);
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders; there the rename itself is what lasts.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: make room, then run the command again',
  EDQUOT: 'your quota is used up: make room, then run the command again',
  EFBIG: 'the file may not grow further: raise the limit on file sizes (ulimit -f)',
  EACCES: 'the folder cannot be written: choose another one with --data-dir',
  EPERM: 'the folder cannot be written: choose another one with --data-dir',
  EROFS: 'the folder is read-only: choose another one with --data-dir',
};

function refused(thrown: unknown, path: string): HawserError {
  if (thrown instanceof HawserError) return thrown;
  const hint = HINTS[systemCode(thrown)];
  return new HawserError('broken-state', `cannot keep the local cluster in '${path}': ${messageOf(thrown)}`, {
    ...(hint === undefined ? {} : { hint }),
    cause: thrown,
  });
}

function damaged(path: string, line: number): HawserError {
  return new HawserError('broken-state', `'${path}' is damaged at record ${line}; nothing was changed`, {
    hint: 'restore the file from a copy, or start anew with hawser local reset',
  });
}
