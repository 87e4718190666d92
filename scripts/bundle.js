// The program as few files, in which a module is run when it is first asked for: `main.js`, what a client of a server far
// away is; `system.js`, the embedded system, which has some modules in common with it; `packages/`, what is rarely asked for.
// Many small files, or ES modules, take longer to open than to run; of large ones V8 must know every function.

import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { slimPackages } from './slim-packages.js';

const root = fileURLToPath(new URL('..', import.meta.url));

const system = join(root, 'src/cli/system.ts');

/** Layers that a client and the system have in common. */
const COMMON = /^src\/(core|model|api)\//;
/** Rarely used, or with a package behind them. */
const APART = /yaml|cron|proxy|argo-types|window-schedule|lint|manifest|differences|plan/;
const shared = await sharedModules();
refuseRepeated(shared);

/** What the system has of the client's file; the file runs these at its start. */
async function sharedModules() {
  const settings = { absWorkingDir: root, outdir: 'dist', bundle: true, packages: 'external', platform: 'node' };
  const { metafile } = await build({
    ...settings,
    entryPoints: [system],
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  const paths = Object.keys(metafile.inputs).filter((path) => COMMON.test(path) && !APART.test(path));
  return new Set(paths.sort().map((path) => join(root, path)));
}

/** Packages that a thread loads by their path: no import names them. */
const IN_THREADS = ['jq-wasm', 'bcryptjs'];

/** Packages that nearly every command runs. */
const EVERYDAY = ['axios', 'commander'];

/** An esbuild plugin: what another file of the bundle holds. The names of packages are noted. */
const otherFiles = (packages, { isClient }) => ({
  name: 'other-files',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ path, resolveDir, importer, kind }) => {
      if (importer.includes('node_modules') || path.startsWith('node:') || kind === 'entry-point') return undefined;
      if (!/^[./]/.test(path)) {
        if (EVERYDAY.includes(path)) return undefined;
        packages.add(path);
        return { path: `./${fileOf(path)}.js`, external: true };
      }
      const module = resolve(resolveDir, path);
      if (!isClient && shared.has(module)) return { path: './main.js', external: true };
      return module === system && kind === 'dynamic-import' ? { path: './system.js', external: true } : undefined;
    });
  },
});

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
  // A file is its function where a script runs it, and a module where Node requires it: what src/boot/code-cache.ts runs is the
  // text as it was read, for to put it into a function would copy it. ES modules ask where they are.
  banner: {
    js: `(run => typeof module === 'undefined' ? run : run(exports, require, module, __filename))(function (exports, require, module, __filename) {
const moduleUrl = require('node:url').pathToFileURL(__filename).href;
const packageUrl = (name) => new URL('packages/' + name + '.js', moduleUrl).href;`,
  },
  footer: { js: '})' },
};

/** Builds into dist/; the answer is the bytes of all files, and of those that a client can ever load. `define` is esbuild's. */
export async function bundle({ write, define = {} }) {
  const settings = {
    ...common,
    write,
    // axios then times its progress by Date.now: asking Node for `performance` loads a module.
    define: {
      ...define,
      'import.meta.url': 'moduleUrl',
      'import.meta.resolve': 'packageUrl',
      performance: 'undefined',
    },
  };
  const exported = ['src/main.ts', ...[...shared].map((path) => relative(root, path))];
  const contents = exported.map((path) => `export * from './${path}';`).join('\n');
  const stdin = { contents, resolveDir: root, sourcefile: 'main.ts', loader: 'ts' };
  const [clients, systems] = [new Set(), new Set()];
  const part = (packages, options, kind) =>
    build({ ...settings, ...options, plugins: [slimPackages, otherFiles(packages, kind)] });
  const client = [
    await part(clients, { stdin, entryNames: 'main' }, { isClient: true }),
    await build({ ...settings, entryPoints: ['src/boot/start.ts', 'src/boot/code-cache.ts'] }),
    await build({ ...settings, ...packageFiles(clients) }),
  ];
  const own = [
    await part(systems, { entryPoints: ['src/cli/system.ts'], entryNames: '[name]' }, { isClient: false }),
    await build({ ...settings, ...packageFiles([...systems, ...IN_THREADS].filter((name) => !clients.has(name))) }),
  ];
  if (write) copyAddons('fs-native-extensions');
  const bytes = (results) => results.flatMap(({ metafile }) => Object.values(metafile.outputs)).reduce(sum, 0);
  const inputs = [...client, ...own].flatMap(({ metafile }) => Object.keys(metafile.inputs));
  return { bytes: bytes([...client, ...own]), clientBytes: bytes(client), packages: packagesOf(inputs) };
}

/** The folders of the packages that files are of. */
function packagesOf(files) {
  const folders = files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file.replaceAll('\\', '/')) ?? []);
  return [...new Set(folders)].sort();
}

/** What a package has compiled for each platform (slim-packages.js says where it is looked for). */
function copyAddons(name) {
  const prebuilds = join(root, 'node_modules', name, 'prebuilds');
  for (const platform of readdirSync(prebuilds)) {
    const addon = join(prebuilds, platform, `${name}.node`);
    if (/^(linux|darwin|win32)-/.test(platform) && existsSync(addon))
      cpSync(addon, join(root, 'dist/packages', name, `${platform}.node`));
  }
}

/** Of two modules that export the same name, the other file would get neither. */
function refuseRepeated(modules) {
  const known = new Map();
  for (const module of modules) {
    for (const [, name] of readFileSync(module, 'utf8').matchAll(
      /^export (?:async )?(?:function\*?|const|class) (\w+)/gm,
    )) {
      const other = known.get(name) ?? module;
      if (other !== module) throw new Error(`${module} and ${other} both export ${name}`);
      known.set(name, module);
    }
  }
}

const fileOf = (name) => `packages/${name.replace(/\.js$/, '')}`;

const sum = (total, { bytes }) => total + bytes;

const packageFiles = (names) => ({
  entryPoints: Object.fromEntries([...names].map((name) => [fileOf(name), name])),
  plugins: [slimPackages],
});
