// The program as ES modules, split where something is imported on demand, so that a command loads what it uses. What nearly
// every command uses is one file (`#shared`): forty small ones take longer to open than to run.

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

/** An esbuild plugin: one file stands for all of the shared modules. */
const sharedModules = {
  name: 'shared-modules',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) =>
      shared.has(resolve(resolveDir, path)) ? { path: '#shared', external: true } : undefined,
    );
  },
};

/** Builds into dist/; the answer is the bytes of each file, by its path. `define` and `external` are esbuild's. */
export async function bundle({ write, define = {}, external = [] }) {
  const settings = {
    absWorkingDir: root,
    outdir: 'dist',
    write,
    define,
    external,
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
    // CommonJS packages inside the bundle still call require for Node's own modules; one function serves all chunks, made
    // when it is first called.
    banner: {
      js: "const require = (id) => (globalThis.hawserRequire ??= process.getBuiltinModule('module').createRequire(import.meta.url))(id);",
    },
    logLevel: 'warning',
  };
  const names = [...shared].map((path) => `export * from ${JSON.stringify(path)};`);
  const stdin = { contents: names.join('\n'), resolveDir: dirname(root), sourcefile: 'shared.ts', loader: 'ts' };
  const common = await build({ ...settings, plugins: [slimPackages], stdin, entryNames: 'shared' });
  const entryPoints = ['src/main.ts', 'src/kept.ts'];
  const program = await build({ ...settings, plugins: [slimPackages, sharedModules], entryPoints });
  const outputs = { ...common.metafile.outputs, ...program.metafile.outputs };
  return Object.fromEntries(Object.entries(outputs).map(([path, { bytes }]) => [path, bytes]));
}
