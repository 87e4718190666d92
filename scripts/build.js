// Bundles the program, and works out the answers that never change.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { bundle } from './bundle.js';

const root = new URL('..', import.meta.url).pathname;
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

const outputs = await bundle({ write: true, define: { HAWSER_VERSION: JSON.stringify(version) } });
// What never changes between builds is worked out now (src/kept.ts).
const answers = ['--help', 'version --client'].map((line) => [line, answerTo(line)]);
writeFileSync(`${root}dist/kept-answers.json`, JSON.stringify(Object.fromEntries(answers)));

// What an earlier build left goes last, so that a command that starts meanwhile finds a whole bundle.
for (const file of readdirSync(`${root}dist`, { recursive: true, withFileTypes: true })) {
  const path = `${file.parentPath}/${file.name}`;
  const made = path.slice(root.length) in outputs || file.name === 'kept-answers.json';
  if (file.isFile() && !made) rmSync(path);
}

const bytes = Object.values(outputs).reduce((sum, size) => sum + size, 0);
console.log(`dist: ${Object.keys(outputs).length} files, ${(bytes / 1e6).toFixed(1)} MB`);

function answerTo(line) {
  // Asked as main.js, nothing is kept: the program works it out.
  const { COLUMNS: _columns, HAWSER_COMPAT: _compat, ...env } = process.env;
  const text = execFileSync(process.execPath, [`${root}dist/main.js`, ...line.split(' ')], { env, encoding: 'utf8' });
  return text
    .replace(`node ${process.versions.node}`, 'node {node}')
    .replace(`${process.platform}/${process.arch}`, '{platform}');
}
