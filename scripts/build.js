// Bundles the program: ES modules, split where something is imported on demand, so that a command loads what it uses.

import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { slimPackages } from './slim-packages.js';

const root = new URL('..', import.meta.url).pathname;
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

const { metafile } = await build({
  plugins: [slimPackages],
  absWorkingDir: root,
  entryPoints: ['src/main.ts'],
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
// What an earlier build left goes last, so that a command that starts meanwhile finds a whole bundle.
for (const file of readdirSync(`${root}dist`, { recursive: true, withFileTypes: true })) {
  const path = `${file.parentPath}/${file.name}`;
  if (file.isFile() && !(path.slice(root.length) in metafile.outputs)) rmSync(path);
}

const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
console.log(`dist: ${Object.keys(metafile.outputs).length} files, ${(bytes / 1e6).toFixed(1)} MB`);
