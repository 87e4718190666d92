// The program as three files, in which a module is run when it is first asked for: `main.js`, everything that a client of a
// server far away needs; `system.js`, the embedded system; `shared.js`, what both must have in common. Many small files, or
// ES modules, take longer to open than to run.

import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { slimPackages } from './slim-packages.js';

const root = new URL('..', import.meta.url).pathname;

const FOLDERS = ['src/core', 'src/model', 'src/api', 'src/client', 'src/render'];
/** Rarely used, or with a package behind them. */
const APART =
  /yaml|json-path|difference|side-by-side|grid|sso|proxy|download|revoke|custom-columns|deployments|secret|exit-codes|spec-|manifest/;
const shared = new Set(
  FOLDERS.flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name))).filter(
    (path) => path.endsWith('.ts') && !APART.test(path.slice(root.length)),
  ),
);
const system = join(root, 'src/cli/system.ts');

/** An esbuild plugin: modules that another file of the bundle holds. */
const otherFiles = {
  name: 'other-files',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, kind }) => {
      const module = resolve(resolveDir, path);
      if (shared.has(module)) return { path: './shared.js', external: true };
      return module === system && kind === 'dynamic-import' ? { path: './system.js', external: true } : undefined;
    });
  },
};

const common = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  supported: { 'dynamic-import': false },
  minify: true,
  charset: 'ascii',
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
  // ES modules ask where they are.
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
};

/** Builds into dist/; the answer is the bytes of each file, by its path. `define` is esbuild's. */
export async function bundle({ write, define = {} }) {
  const settings = { ...common, write, define: { ...define, 'import.meta.url': 'moduleUrl' } };
  const names = [...shared].map((path) => `export * from ${JSON.stringify(path)};`);
  const stdin = { contents: names.join('\n'), resolveDir: dirname(root), sourcefile: 'shared.ts', loader: 'ts' };
  const outputs = [
    await build({ ...settings, plugins: [slimPackages], stdin, entryNames: 'shared' }),
    await build({
      ...settings,
      plugins: [slimPackages, otherFiles],
      entryPoints: ['src/main.ts', 'src/cli/system.ts'],
      entryNames: '[name]',
    }),
    await build({ ...settings, entryPoints: ['src/start.ts', 'src/compiled.ts'] }),
  ].map(({ metafile }) => metafile.outputs);
  return Object.fromEntries(Object.entries(Object.assign({}, ...outputs)).map(([path, { bytes }]) => [path, bytes]));
}
