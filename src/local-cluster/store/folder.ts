// The journal in a folder: one append-only file that starts with a snapshot, and beside it how far it was acknowledged.
// Compaction writes a new file and renames it, so there is always one whole file under the name.

import { type FileHandle, mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { HawserError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { readIfThere, replaceFile, syncFolderOf, writeRefused, writeWhole } from './files.ts';
import { openHead, readHead, writeHead } from './head.ts';
import { damaged, type LogContent, parseLog } from './log.ts';
import { batchOf, encodeLine, FORMAT, header } from './record.ts';
import { createStore, type Journal, type Store, type StoredState, type Write } from './store.ts';

const FILE = 'cluster.log';
const HEAD = 'cluster.head';
/** The log is written anew when it is so much longer than what it holds. */
const GROWTH = 4;
const MIN_COMPACT_BYTES = 1_000_000;
const OBJECTS_A_BATCH = 200;

export interface OpenedStore {
  readonly store: Store;
  /** What the caller should tell: a torn record that was cut. */
  readonly warnings: readonly string[];
}

/** Opens the state kept in a folder, or an empty one; throws `broken-state` and changes nothing when it is damaged. */
export async function openFolderStore(folder: string): Promise<OpenedStore> {
  const path = join(folder, FILE);
  const head = join(folder, HEAD);
  try {
    const bytes = await readIfThere(path);
    const content = parseLog(bytes?.toString('utf8') ?? '', path);
    const acknowledged = await readHead(head);
    if (bytes !== undefined && content.records === 0) throw emptied(path);
    if (acknowledged !== undefined && content.revision < acknowledged) throw lost(path, content, acknowledged);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rm(`${path}.new`, { force: true });
    const journal = await openJournal(path, head, content);
    const warnings = [];
    const cut = (bytes?.length ?? 0) - content.length;
    if (cut > 0) warnings.push(`${path}: the last write was cut short and is left out (${cut} bytes)`);
    if (acknowledged === undefined && content.format === FORMAT && content.records > 1)
      warnings.push(`${head} was missing: whether the last writes are there cannot be told`);
    return { store: createStore(journal, content), warnings };
  } catch (thrown) {
    throw writeRefused(thrown, path);
  }
}

/** A log gets its name with its first record in it: one without any has lost them. */
const emptied = (path: string): HawserError =>
  damaged({ path, record: 1, byte: 0 }, 'is missing: the log holds no whole record');

function lost(path: string, { records, length, revision }: LogContent, acknowledged: number): HawserError {
  const what = `is missing: the log ends at revision ${revision}, but ${acknowledged} was acknowledged`;
  const goOn = `go on without what is lost: rm '${join(dirname(path), HEAD)}'`;
  return damaged({ path, record: records + 1, byte: length }, what, goOn);
}

async function openJournal(path: string, headPath: string, content: LogContent): Promise<Journal> {
  const tail = await openTail(path, content);
  try {
    return folderJournal(path, tail, await openHead(headPath, content.revision));
  } catch (thrown) {
    await tail.file.close();
    throw thrown;
  }
}

/** Where the next record goes. */
interface Tail {
  readonly file: FileHandle;
  readonly length: number;
  /** Of the last record: the next one is tied to it. */
  readonly checksum: number;
  /** About how long the log would be without what has been overwritten since. */
  readonly live: number;
}

async function openTail(path: string, content: LogContent): Promise<Tail> {
  if (content.format < FORMAT) {
    const { length, checksum, bytes } = snapshot(content);
    const file = await replaceFile(path, bytes, async () => true);
    await syncFolderOf(path);
    return { file, length, checksum, live: length };
  }
  const file = await open(path, 'r+');
  try {
    const { uid, mode, size } = await file.stat();
    if (uid === process.getuid?.() && (mode & 0o077) !== 0) await file.chmod(0o600);
    if (size > content.length) await file.truncate(content.length);
    if (content.unfinished) await file.write('\n', content.length);
    return { ...content, file, length: content.length + (content.unfinished ? 1 : 0) };
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
}

/** The whole state as the beginning of a log. */
function snapshot(state: StoredState): { readonly length: number; readonly checksum: number; bytes: Iterable<Buffer> } {
  const parts: Buffer[] = [];
  let checksum = 0;
  const add = (value: Json): void => {
    const line = encodeLine(value, checksum);
    checksum = line.checksum;
    parts.push(Buffer.from(line.text));
  };
  add(header());
  let writes: Write[] = [];
  for (const entry of state.entries) {
    writes.push(entry);
    if (writes.length < OBJECTS_A_BATCH) continue;
    add(batchOf(writes, state.revision));
    writes = [];
  }
  if (writes.length > 0 || state.revision > 0) add(batchOf(writes, state.revision));
  return { length: parts.reduce((sum, { length }) => sum + length, 0), checksum, bytes: parts };
}

function folderJournal(path: string, opened: Tail, head: FileHandle): Journal {
  let tail = opened;
  // Measured by what is alive, not by what was found: many short runs must not let the log grow for ever.
  let compacted = tail.live;
  let broken = false;

  async function replace(next: Omit<Tail, 'file'>, bytes: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
    const file = await replaceFile(path, bytes, () => isStillAt(path, tail.file));
    const old = tail.file;
    tail = { ...next, file };
    // Until the new name is safe nothing may be acknowledged by it.
    broken = true;
    await old.close();
    await syncFolderOf(path);
    broken = false;
  }

  /** After a failed write the file is cut back to what was acknowledged. */
  async function cutBack(): Promise<void> {
    await tail.file.truncate(tail.length).catch(() => {
      broken = true;
    });
  }

  return {
    append: async (changes) => {
      const revision = changes.at(-1)?.revision ?? 0;
      try {
        // After a failed fsync it is unknown what the disk has of the file: what was acknowledged goes on in a new one.
        if (broken) await replace(tail, acknowledgedBytes(tail));
        const { text, checksum } = encodeLine(batchOf(changes, revision), tail.checksum);
        const line = Buffer.from(text);
        await writeWhole(tail.file, line, tail.length);
        await tail.file.datasync().catch((thrown: unknown) => {
          broken = true;
          throw thrown;
        });
        tail = { ...tail, length: tail.length + line.length, checksum };
      } catch (thrown) {
        await cutBack();
        throw writeRefused(thrown, path);
      }
      // What it says may lag behind.
      await writeHead(head, revision).catch(() => undefined);
    },
    compact: async (state) => {
      if (broken || tail.length < MIN_COMPACT_BYTES || tail.length < compacted * GROWTH) return;
      try {
        const { length, checksum, bytes } = snapshot(state());
        await replace({ length, checksum, live: length }, bytes);
      } catch {
        // The log goes on as it is; it is tried again when it has grown as much once more.
      }
      compacted = tail.length;
    },
    close: async () => {
      await Promise.all([tail.file.close(), head.close()]);
    },
  };
}

/** A folder that was moved away may have another cluster under its old name. */
async function isStillAt(path: string, file: FileHandle): Promise<boolean> {
  const [own, other] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
  return other?.ino === own.ino && other.dev === own.dev;
}

async function* acknowledgedBytes({ file, length }: Tail): AsyncGenerator<Buffer> {
  for (let at = 0; at < length; ) {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(1 << 16), position: at });
    if (bytesRead === 0) throw new Error('the log is shorter than what was acknowledged');
    yield buffer.subarray(0, Math.min(bytesRead, length - at));
    at += bytesRead;
  }
}
