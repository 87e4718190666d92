// Jsonnet imports files by their paths, and its program takes any path there is. Imports are texts, never computed, so that
// all of them can be looked at before the program runs.

import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { checkInside, realPlaceInside } from './inside.ts';

const TOKENS =
  /\/\/[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/|\|\|\|-?[ \t\r]*\n(?:[ \t\r]*\n)*([ \t]+)[^\n]*\n(?:\1[^\n]*\n|[ \t\r]*\n)*[ \t]*\|\|\||@"(?:[^"]|"")*"|@'(?:[^']|'')*'|"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|[\w$]+|\s+|[\s\S]/g;

interface Import {
  readonly path: string;
  /** Evaluated, and so able to import more. */
  readonly isCode: boolean;
}

/** What a text of Jsonnet imports. */
export function importsOf(source: string): Import[] {
  const imports: Import[] = [];
  let word = '';
  for (const [token] of source.matchAll(TOKENS)) {
    if (/^(\s|\/\/|#|\/\*)/.test(token)) continue;
    if (/^import(str|bin)?$/.test(word) && /^@?["']/.test(token)) {
      imports.push({ path: unescapeLiteral(token), isCode: word === 'import' });
    }
    word = token;
  }
  return imports;
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function unescapeLiteral(literal: string): string {
  if (literal.startsWith('@')) {
    const quote = literal.charAt(1);
    return literal.slice(2, -1).replaceAll(quote + quote, quote);
  }
  return literal
    .slice(1, -1)
    .replace(/\\(?:u([\da-fA-F]{4})|([\s\S]))/g, (_all, code: string | undefined, plain: string | undefined) =>
      code === undefined ? (ESCAPES[plain ?? ''] ?? plain ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
    );
}

export interface ImportSearch {
  /** The checkout. */
  readonly root: string;
  /** Where what is not beside its importer is looked for, from the root, in this order. */
  readonly folders: readonly string[];
}

/** The files that these are made of, from the root; throws `invalid` where one would leave the checkout. */
export async function importedFiles(
  { root, folders }: ImportSearch,
  { files, texts }: { readonly files: readonly string[]; readonly texts: readonly string[] },
): Promise<readonly string[]> {
  const visited = new Set<string>();
  const follow = async (source: string, base: string): Promise<void> => {
    for (const { path, isCode } of importsOf(source)) {
      for (const folder of [base, ...folders.map((one) => resolve(root, one))]) {
        const file = resolve(folder, path);
        checkInside(root, file, path);
        // The first one that is there is the one that the program takes.
        if (await visit(file, isCode)) break;
      }
    }
  };
  const visit = async (file: string, isCode: boolean): Promise<boolean> => {
    const name = relative(root, file);
    if (visited.has(name)) return true;
    if ((await realPlaceInside(root, file)) === undefined) return false;
    visited.add(name);
    if (isCode) await follow(await readFile(file, 'utf8').catch(() => ''), dirname(file));
    return true;
  };
  for (const text of texts) await follow(text, root);
  for (const file of files) await visit(resolve(root, file), true);
  return [...visited];
}
