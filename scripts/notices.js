// THIRD-PARTY-NOTICES: what others' packages the bundle holds, and under which licences.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The notices of packages, given by their folders; a package without a licence fails the build. */
export function noticesOf(folders) {
  const byText = new Map();
  for (const folder of folders) {
    const { name, version, license, homepage, author } = JSON.parse(
      readFileSync(join(root, folder, 'package.json'), 'utf8'),
    );
    if (typeof license !== 'string') throw new Error(`${folder} names no licence`);
    const text = licenceText(folder, license, author);
    const title = `${name} ${version} (${license})${homepage ? `, ${homepage.replace(/#.*$/, '')}` : ''}`;
    byText.set(text, [...(byText.get(text) ?? []), title]);
  }
  const blocks = [...byText].map(([text, titles]) => `${[...new Set(titles)].join('\n')}\n\n${text}`);
  const compiled = readFileSync(join(root, 'scripts/compiled-in.txt'), 'utf8').trim();
  return `Hawser holds the following software of others.\n\n${[...blocks, compiled].join(`\n\n${'-'.repeat(78)}\n\n`)}\n`;
}

/** Its licence file, the chapter of its README, or, where it only names the MIT licence, that with its author. */
function licenceText(folder, license, author) {
  const names = readdirSync(join(root, folder));
  const file = names.find((name) => /^(licen[cs]e|copying)/i.test(name));
  if (file) return tidy(readFileSync(join(root, folder, file), 'utf8'));
  const readme = names.find((name) => /^readme/i.test(name));
  const text = readme ? readFileSync(join(root, folder, readme), 'utf8') : '';
  const chapter = /^(?:#+ *)?licen[cs]e\n(?:-+\n)?([\s\S]*?warranty[\s\S]*?)(?=\n\[|\n#|$(?![\s\S]))/im.exec(text)?.[1];
  if (chapter) return tidy(chapter.replaceAll('&lt;', '<').replaceAll('&gt;', '>'));
  const holder = typeof author === 'string' ? author : author?.name;
  if (license !== 'MIT' || !holder || !existsSync(join(root, folder, readme ?? '')))
    throw new Error(`${folder} holds no licence`);
  return `Copyright (c) ${holder}\n\n${MIT}`;
}

const tidy = (text) => text.replaceAll('\r', '').trim();

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
