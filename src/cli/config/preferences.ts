// Hawser's own preferences: aliases, and how its user reads. What a later version keeps there stays.

import { promises as fs, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { HawserError, messageOf, systemCode } from '../../core/errors.ts';
import { isObject } from '../../core/json.ts';
import type { Environment } from '../io/colour.ts';
import { preferencesPath } from './paths.ts';
import { withLock, writeWhole } from './whole-file.ts';

type Aliases = Readonly<Record<string, string>>;

const MODE = 0o600;

export async function readAliases(env: Environment): Promise<Aliases> {
  return aliasesIn(await readDocument(preferencesPath(env)), preferencesPath(env));
}

export async function changeAliases(env: Environment, change: (aliases: Aliases) => Aliases): Promise<void> {
  const path = preferencesPath(env);
  const { formatYaml } = await import('../../core/yaml.ts');
  await fs.mkdir(dirname(path), { recursive: true });
  await withLock(path, async () => {
    const document = await readDocument(path);
    const aliases = change(aliasesIn(document, path));
    await writeWhole(path, formatYaml({ ...document, aliases }, { sortKeys: true }), MODE);
  });
}

/** Whether a screen reader reads to the user: the environment says it, or `screenReader: true` in the preferences. */
export async function usesScreenReader(env: Environment): Promise<boolean> {
  const { HAWSER_SCREEN_READER: variable = '' } = env;
  if (variable !== '') return !OFF.includes(variable);
  const path = preferencesPath(env);
  const { screenReader = false } = await readDocument(path);
  if (typeof screenReader !== 'boolean') throw broken(path, 'screenReader is neither true nor false');
  return screenReader;
}

const OFF: readonly string[] = ['0', 'false'];

async function readDocument(path: string): Promise<Readonly<Record<string, unknown>>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return {};
    throw broken(path, messageOf(thrown), thrown);
  }
  const { parseYaml } = await import('../../core/yaml.ts');
  let document: unknown;
  try {
    document = parseYaml(text, path) ?? {};
  } catch (thrown) {
    throw broken(path, messageOf(thrown), thrown);
  }
  if (!isObject(document)) throw broken(path, 'it is not a map');
  return document;
}

function aliasesIn(document: Readonly<Record<string, unknown>>, path: string): Aliases {
  const aliases = document['aliases'] ?? {};
  if (!isObject(aliases)) throw broken(path, 'aliases is not a map');
  const entries = Object.entries(aliases).map(([name, line]): [string, string] => {
    if (typeof line !== 'string') throw broken(path, `alias '${name}' is not a text`);
    return [name, line];
  });
  return Object.fromEntries(entries);
}

const broken = (path: string, why: string, cause?: unknown): HawserError =>
  new HawserError('usage', `cannot read the preferences: ${why}`, { hint: `look at ${path}`, cause });
