// Helm value files: beside the chart, from the root, of another source, by URL, or many by a pattern.

import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { HawserError } from '../../core/errors.ts';
import { matchesGlob } from '../../core/glob.ts';
import { buildEnvironment, substitute } from './build-environment.ts';
import { fetchFile } from './fetch-file.ts';
import { placeInside, realPlaceInside } from './inside.ts';
import type { Rendering } from './renderer.ts';

interface ValueFile {
  readonly file: string;
  /** Named itself, not found by a pattern. */
  readonly named: boolean;
}

/** The files to hand to helm, in their order, each once. */
export async function valueFiles(rendering: Rendering): Promise<string[]> {
  const { source } = rendering;
  const entries: ValueFile[] = [];
  for (const written of source.helm?.valueFiles ?? []) {
    entries.push(...(await entriesOf(rendering, withVariables(rendering, written))));
  }
  const named = new Set(entries.flatMap((entry) => (entry.named ? [entry.file] : [])));
  // What is also named itself stands where it is named, not where a pattern found it.
  const files = entries.filter((entry) => entry.named || !named.has(entry.file));
  return [...new Set(files.map((entry) => entry.file))];
}

/** The file on disk that a path of a source means. */
export async function sourceFile(rendering: Rendering, written: string): Promise<string> {
  const { root, base, rest } = await locationOf(rendering, withVariables(rendering, written));
  return placeInside(root, base, rest);
}

async function entriesOf(rendering: Rendering, text: string): Promise<ValueFile[]> {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined) {
    if (scheme === 'http' || scheme === 'https') {
      const folder = await rendering.scratch();
      const name = await fetchFile(rendering, { url: text, folder, prefix: 'values' });
      return [{ file: join(folder, name), named: true }];
    }
    throw new HawserError('invalid', `the URL scheme '${scheme}' is not allowed`, { hint: 'use https://…' });
  }
  const { root, base, rest } = await locationOf(rendering, text);
  const absolute = placeInside(root, base, rest);
  const forgiving = rendering.source.helm?.ignoreMissingValueFiles === true;
  if (/[*?[]/.test(rest)) {
    const files = await matching(root, relative(root, absolute).split(sep).join('/'));
    if (files.length > 0 || forgiving) return files.map((file) => ({ file, named: false }));
    throw new HawserError('invalid', `values file glob "${text}" matched no files`);
  }
  const real = await realPlaceInside(root, absolute);
  if (real !== undefined) return [{ file: absolute, named: true }];
  if (forgiving) return [];
  throw new HawserError('invalid', `value file '${text}' does not exist`, {
    hint: 'paths count from the chart, with a leading slash from the root; ignoreMissingValueFiles passes over it',
  });
}

interface FileLocation {
  readonly root: string;
  readonly base: string;
  readonly rest: string;
}

/** `$name/path` counts from the root of the source that it names. */
async function locationOf(rendering: Rendering, text: string): Promise<FileLocation> {
  const match = /^\$([A-Za-z0-9_-]+)(?:\/(.*))?$/.exec(text);
  if (match) return { root: await rendering.referenced(match[1] ?? ''), base: '', rest: match[2] ?? '' };
  return { root: await rendering.checkout(), base: rendering.folder, rest: text };
}

/** Variables in a path are replaced, but the `$name/` of another source is none. */
function withVariables(rendering: Rendering, text: string): string {
  const variables = buildEnvironment(rendering);
  const slash = text.indexOf('/');
  const reference = text.startsWith('$') && slash > 0 && !text.startsWith('${') && !(text.slice(1, slash) in variables);
  return reference ? `${text.slice(0, slash)}${substitute(text.slice(slash), variables)}` : substitute(text, variables);
}

async function matching(root: string, pattern: string): Promise<string[]> {
  const files = await readdir(root, { recursive: true, withFileTypes: true });
  const paths: string[] = [];
  for (const file of files) {
    if (file.isDirectory()) continue;
    const absolute = join(file.parentPath, file.name);
    const path = relative(root, absolute).split(sep).join('/');
    // `**/` also stands for no folder at all.
    if (!matchesGlob(pattern, path, '/') && !matchesGlob(pattern.replaceAll('**/', ''), path, '/')) continue;
    await realPlaceInside(root, absolute);
    paths.push(absolute);
  }
  return paths.sort();
}
