// The kubeconfig that kubectl reads, with a context more or less: by kubectl's rules of which file it is, under kubectl's lock.

import { promises as fs } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { HawserError, messageOf, systemCode } from '../../core/errors.ts';
import { type JsonObject, textAt } from '../../core/json.ts';
import { formatYaml, parseYamlDocuments } from '../../core/yaml.ts';
import type { Environment } from '../io/colour.ts';
import {
  checkKubeconfig,
  type Entries,
  holds,
  isChanged,
  otherFile,
  withEntries,
  withoutEntries,
} from './kubeconfig-entries.ts';
import { withLock, writeWhole } from './whole-file.ts';

export interface Merging {
  readonly name: string;
  readonly entries: Entries;
  /** Whether kubectl is to use it from now on. */
  readonly isCurrent: boolean;
}

export interface FileChange {
  readonly path: string;
  readonly result: 'added' | 'updated' | 'unchanged' | 'removed';
  /** Files whose comments are gone. */
  readonly commentsLost: readonly string[];
  /** The context that kubectl uses now, '' for none. */
  readonly current: string;
}

interface Read {
  readonly path: string;
  readonly text: string | undefined;
  readonly config: JsonObject;
}

/** Adds the context to the file that has it, or to the one that kubectl would write to. */
export async function mergeKubeconfig(env: Environment, { name, entries, isCurrent }: Merging): Promise<FileChange> {
  const files = await readAll(env);
  const target = files.find(({ config }) => holds(config, name)) ?? defaultFile(files);
  const current = files.find(({ config }) => textAt(config, 'current-context') !== '');
  const chosen = isCurrent || !current ? name : textAt(current.config, 'current-context');
  const lost = await changeFiles(files, (file) => {
    const merged = file.path === target.path ? withEntries(file.config, name, entries) : file.config;
    return file.path === (current ?? target).path ? { ...merged, 'current-context': chosen } : merged;
  });
  const isNew = !holds(target.config, name);
  const result = isNew
    ? 'added'
    : isChanged(target.config, withEntries(target.config, name, entries))
      ? 'updated'
      : 'unchanged';
  return { path: target.path, result, commentsLost: lost, current: chosen };
}

/** Takes the context out of every file that has it. */
export async function removeFromKubeconfig(env: Environment, name: string): Promise<FileChange> {
  const files = await readAll(env);
  const target = files.find(({ config }) => holds(config, name));
  const lost = await changeFiles(files, ({ config }) => withoutEntries(config, name));
  const current = files.map(({ config }) => textAt(config, 'current-context')).find((text) => text !== '') ?? '';
  return {
    path: (target ?? defaultFile(files)).path,
    result: target ? 'removed' : 'unchanged',
    commentsLost: lost,
    current: current === name ? '' : current,
  };
}

async function readAll(env: Environment): Promise<readonly Read[]> {
  const variable = env['KUBECONFIG'];
  const listed = variable?.split(delimiter).filter((path) => path !== '') ?? [];
  const paths = listed.length > 0 ? listed : [join(env['HOME'] ?? homedir(), '.kube', 'config')];
  return Promise.all([...new Set(paths)].map(readOne));
}

/** As kubectl has it: the first that is there, else the last. */
const defaultFile = (files: readonly Read[]): Read => {
  const file = files.find(({ text }) => text !== undefined) ?? files.at(-1);
  if (file) return file;
  throw new HawserError('internal', 'there is no kubeconfig to write to');
};

async function readOne(path: string): Promise<Read> {
  let text: string | undefined;
  try {
    text = await fs.readFile(path, 'utf8');
  } catch (thrown) {
    if (systemCode(thrown) !== 'ENOENT') throw unreadable(path, thrown);
  }
  return { path, text, config: checkKubeconfig(parse(text ?? '', path), path) };
}

function unreadable(path: string, thrown: unknown): HawserError {
  const why = systemCode(thrown) === 'EISDIR' ? 'it is a folder' : messageOf(thrown);
  return new HawserError('usage', `cannot read the kubeconfig '${path}': ${why}`, {
    hint: otherFile(path),
    cause: thrown,
  });
}

function parse(text: string, path: string): unknown {
  let documents: readonly unknown[];
  try {
    documents = parseYamlDocuments(text, path).filter((document) => document !== null && document !== undefined);
  } catch (thrown) {
    throw new HawserError('usage', `the kubeconfig cannot be read: ${messageOf(thrown)}; nothing was changed`, {
      hint: otherFile(path),
      cause: thrown,
    });
  }
  if (documents.length <= 1) return documents[0];
  const message = `'${path}' is not a kubeconfig: it holds ${documents.length} documents; nothing was changed`;
  throw new HawserError('usage', message, { hint: otherFile(path) });
}

/** Answers the files that had comments. */
async function changeFiles(files: readonly Read[], change: (file: Read) => JsonObject): Promise<readonly string[]> {
  const lost: string[] = [];
  for (const seen of files) {
    if (!isChanged(seen.config, change(seen))) continue;
    await fs.mkdir(dirname(seen.path), { recursive: true, mode: 0o700 });
    await withLock(seen.path, async () => {
      const file = await readOne(seen.path);
      await write(file, change(file));
      if (hasComments(file.text ?? '')) lost.push(file.path);
    });
  }
  return lost;
}

async function write({ path, text }: Read, config: JsonObject): Promise<void> {
  const mode = await fs.stat(path).then(
    (stats) => stats.mode & 0o777,
    () => 0o600,
  );
  const isJson = /^\s*\{/.test(text ?? '');
  try {
    await writeWhole(path, isJson ? `${JSON.stringify(config, null, 2)}\n` : formatYaml(config), mode);
  } catch (thrown) {
    const message = `cannot write the kubeconfig '${path}': ${messageOf(thrown)}`;
    throw new HawserError('usage', message, { hint: otherFile(path), cause: thrown });
  }
}

const hasComments = (text: string): boolean => /^\s*#|\s#\s/m.test(text) && !/^\s*\{/.test(text);
