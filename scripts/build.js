// Bundles the program, compiles what is typed most often, and works out the answers that never change.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.js';
import { noticesOf } from './notices.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

mkdirSync(dist, { recursive: true });
// Compiled code goes before the text that it was made of: V8 knows a text by its length alone.
for (const file of readdirSync(dist, { recursive: true })) if (file.endsWith('.code')) rmSync(join(dist, file));
writeFileSync(join(dist, 'package.json'), '{"type":"commonjs"}\n');
const { bytes, packages } = await bundle({ write: true, define: { HAWSER_VERSION: JSON.stringify(version) } });
execFileSync(process.execPath, [join(root, 'scripts/compile.js')], { stdio: 'pipe' });
const answers = ['--help', 'version --client'].map((line) => [line, answerTo(line)]);
writeFileSync(join(root, 'THIRD-PARTY-NOTICES'), noticesOf(packages));
writeFileSync(join(dist, 'answers.json'), JSON.stringify(Object.fromEntries(answers)));

console.log(`dist: ${(bytes / 1e6).toFixed(1)} MB`);

function answerTo(line) {
  // Whoever says how wide the terminal is gets no kept answer: the program works it out.
  const { HAWSER_COMPAT: _compat, ...env } = { ...process.env, COLUMNS: '80' };
  const words = [join(root, 'bin/hawser.js'), ...line.split(' ')];
  return execFileSync(process.execPath, words, { env, encoding: 'utf8' })
    .replace(`node ${process.versions.node}`, 'node {node}')
    .replace(`${process.platform}/${process.arch}`, '{platform}');
}
