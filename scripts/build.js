// Bundles the program: ES modules, split where something is imported on demand, so that a command loads what it uses.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { slimPackages } from './slim-packages.js';

const root = new URL('..', import.meta.url).pathname;
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

const { metafile } = await build({
  plugins: [slimPackages],
  absWorkingDir: root,
  entryPoints: ['src/main.ts', 'src/kept.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minify: true,
  keepNames: true,
  metafile: true,
  chunkNames: 'chunks/[name]-[hash]',
  legalComments: 'none',
  define: { HAWSER_VERSION: JSON.stringify(version) },
  // CommonJS packages inside the bundle still call require for Node's own modules; one function serves all chunks, made
  // when it is first called.
  banner: {
    js: "const require = (id) => (globalThis.hawserRequire ??= process.getBuiltinModule('module').createRequire(import.meta.url))(id);",
  },
  logLevel: 'warning',
});
// What never changes between builds is worked out now (src/kept.ts).
const answers = ['--help', 'version --client'].map((line) => [line, answerTo(line)]);
writeFileSync(`${root}dist/kept-answers.json`, JSON.stringify(Object.fromEntries(answers)));

// What an earlier build left goes last, so that a command that starts meanwhile finds a whole bundle.
for (const file of readdirSync(`${root}dist`, { recursive: true, withFileTypes: true })) {
  const path = `${file.parentPath}/${file.name}`;
  const made = path.slice(root.length) in metafile.outputs || file.name === 'kept-answers.json';
  if (file.isFile() && !made) rmSync(path);
}

const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
console.log(`dist: ${Object.keys(metafile.outputs).length} files, ${(bytes / 1e6).toFixed(1)} MB`);

function answerTo(line) {
  // Asked as main.js, nothing is kept: the program works it out.
  const { COLUMNS: _columns, HAWSER_COMPAT: _compat, ...env } = process.env;
  const text = execFileSync(process.execPath, [`${root}dist/main.js`, ...line.split(' ')], { env, encoding: 'utf8' });
  return text
    .replace(`node ${process.versions.node}`, 'node {node}')
    .replace(`${process.platform}/${process.arch}`, '{platform}');
}
