// The configuration file on disk: its mode is checked, it is written whole or not at all, and one writer at a time.

import { promises as fs, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HawserError, messageOf, systemCode } from '../../core/errors.ts';
import { type Config, configDocument, parseConfig } from './config.ts';
import { withLock, writeWhole } from './whole-file.ts';

export interface ConfigFile {
  readonly path: string;
  /** Undefined when there is no file. */
  read(): Promise<Config | undefined>;
  /** Writes what `change` makes of what is there; a configuration without servers removes the file. */
  change(change: (config: Config) => Config): Promise<void>;
  /** The context before the current one; '' where there was none. */
  previousContext(): Promise<string>;
  rememberContext(name: string): Promise<void>;
}

const MODE = 0o600;

export function configFile(path: string, platform: string): ConfigFile {
  const read = (): Promise<Config | undefined> => readConfig(path, platform);
  const previous = join(dirname(path), '.prev-ctx');
  return {
    path,
    read,
    change: async (change) => {
      await fs.mkdir(dirname(path), { recursive: true });
      await withLock(path, async () => {
        const next = change((await read()) ?? {});
        if ((next.servers ?? []).length === 0 && (next.contexts ?? []).length === 0) await fs.rm(path, { force: true });
        else await write(path, next);
      });
    },
    previousContext: () => fs.readFile(previous, 'utf8').catch(() => ''),
    rememberContext: (name) => fs.writeFile(previous, name),
  };
}

async function readConfig(path: string, platform: string): Promise<Config | undefined> {
  let source: string;
  try {
    // A small file, read by nearly every command: Node's promises of files take longer to load than it takes to read.
    const stats = statSync(path);
    if (stats.isDirectory()) throw unreadable(path, 'it is a folder', undefined);
    const { mode } = stats;
    if (platform !== 'win32' && ![0o600, 0o400].includes(mode & 0o777)) throw wrongMode(path, mode);
    source = readFileSync(path, 'utf8');
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return undefined;
    if (thrown instanceof HawserError) throw thrown;
    throw unreadable(path, messageOf(thrown), thrown);
  }
  const { parseYaml } = await import('../../core/yaml.ts');
  try {
    return parseConfig(parseYaml(source, path), path);
  } catch (thrown) {
    if (thrown instanceof HawserError && thrown.code === 'usage') throw thrown;
    throw unreadable(path, `failed to parse config file: ${messageOf(thrown)}`, thrown);
  }
}

const unreadable = (path: string, why: string, cause: unknown): HawserError =>
  new HawserError('usage', `error reading local config: ${why}`, { hint: `look at ${path}`, cause });

function wrongMode(path: string, mode: number): HawserError {
  const letters = [6, 3, 0].map((shift) => {
    const bits = (mode >> shift) & 7;
    return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`;
  });
  const permissions = `-${letters.join('')}`;
  return new HawserError(
    'usage',
    `error reading local config: config file has incorrect permission flags ${permissions}, change the file permission either to 0400 or 0600`,
    { hint: `chmod 600 ${path}` },
  );
}

async function write(path: string, config: Config): Promise<void> {
  const { formatYaml } = await import('../../core/yaml.ts');
  const mode = await fs.stat(path).then(
    (stats) => stats.mode & 0o777,
    () => MODE,
  );
  await writeWhole(path, formatYaml(configDocument(config), { sortKeys: true }), mode);
}
