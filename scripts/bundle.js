// The program as few files: `main.js`, what most commands run; a file for each group of commands that is typed less often;
// `system.js`, the embedded system; `packages/`, what is rarely asked for. Many small files, or ES modules, take longer to open
// than to run; of large ones V8 must know every function. A module is run when it is first asked for: what a file needs of
// `main.js` it takes from there by name, so that nothing is run for somebody else.

import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { slimPackages } from './slim-packages.js';

const root = fileURLToPath(new URL('..', import.meta.url));

const SYSTEM = 'src/cli/system.ts';

/** Rarely asked for, and large: the tables of Argo CD's types. */
const FIELDS = 'src/cli/input/unknown-fields.ts';

/** What is typed every day, in terminals and pipelines. */
const EVERYDAY_COMMANDS = ['account', 'app', 'completion', 'help', 'session', 'version'];

/** The file that a module begins where it is imported dynamically; undefined where it stays with whoever imports it. */
function fileOfModule(path) {
  if (path === SYSTEM) return 'system';
  if (path === FIELDS) return 'fields';
  const [, command] = /^src\/cli\/commands\/([^/.]+)/.exec(path) ?? [];
  return command === undefined || EVERYDAY_COMMANDS.includes(command) ? undefined : `command-${command}`;
}

/** Packages that a thread loads by their path: no import names them. */
const IN_THREADS = ['jq-wasm'];

/** Packages that nearly every command runs. */
const EVERYDAY = ['axios', 'commander'];

/**
 * An esbuild plugin for one file of the bundle: what stands in another one. Noted are the packages that it asks for, the modules
 * that it takes of `main.js`, and those that begin another file.
 */
const otherFiles = (name, inMain, { packages, taken, begun }) => ({
  name: 'other-files',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path, resolveDir, importer, kind, namespace }) => {
      if (namespace === 'main') return { path, external: true };
      if (importer.includes('node_modules') || path.startsWith('node:') || kind === 'entry-point') return undefined;
      if (!/^[./]/.test(path)) {
        if (EVERYDAY.includes(path)) return undefined;
        packages.add(path);
        return { path: `./${packageFile(path)}.js`, external: true };
      }
      const module = relative(root, resolve(resolveDir, path)).replaceAll('\\', '/');
      const file = kind === 'dynamic-import' ? fileOfModule(module) : undefined;
      if (file !== undefined && file !== name) {
        begun.set(file, (begun.get(file) ?? new Set()).add(module));
        return { path: `./${file}.js`, external: true };
      }
      if (!inMain.has(module)) return undefined;
      taken.add(module);
      return { path: module, namespace: 'main' };
    });
    onLoad({ filter: /./, namespace: 'main' }, ({ path }) => ({
      contents: `const { ${exportedBy(path)} } = require('./main.js').modules['${path}'](); export { ${exportedBy(path)} };`,
    }));
  },
});

/** The names of what a module exports beside types. */
function exportedBy(path) {
  const text = readFileSync(join(root, path), 'utf8');
  const declared = text.matchAll(/^export (?:async )?(?:function\*?|const|class) (\w+)/gm);
  return [...new Set([...declared].map(([, name]) => name))];
}

const notesOf = () => ({ packages: new Set(), taken: new Set(), begun: new Map() });

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
  const file = (name, contents, { notes, inMain = new Set(), ...options }) =>
    build({
      ...settings,
      ...options,
      stdin: { contents, resolveDir: root, sourcefile: `${name}.ts`, loader: 'ts' },
      entryNames: name,
      plugins: [slimPackages, otherFiles(name, inMain, notes)],
    });
  const [notes, own] = [notesOf(), notesOf()];
  const main = exportsOf(['src/main.ts']);
  const draft = await file('main', main, { notes, write: false });
  const inMain = new Set(Object.keys(draft.metafile.inputs).filter((path) => path.startsWith('src/')));
  const commands = [...notes.begun].filter(([name]) => name !== 'system');
  const parts = await Promise.all(commands.map(([name, modules]) => file(name, exportsOf(modules), { notes, inMain })));
  const system = await file('system', exportsOf([SYSTEM]), { notes: own, inMain });
  const client = [
    await file('main', `${main}\n${modulesOf([...notes.taken, ...own.taken])}`, { notes }),
    ...parts,
    await build({ ...settings, entryPoints: ['src/boot/start.ts', 'src/boot/code-cache.ts'] }),
    await build({ ...settings, ...packageFiles(notes.packages) }),
  ];
  const rest = [...own.packages, ...IN_THREADS].filter((name) => !notes.packages.has(name));
  const embedded = [system, await build({ ...settings, ...packageFiles(rest) })];
  if (write) copyAddons('fs-native-extensions');
  const bytes = (results) => results.flatMap(({ metafile }) => Object.values(metafile.outputs)).reduce(sum, 0);
  const inputs = [...client, ...embedded].flatMap(({ metafile }) => Object.keys(metafile.inputs));
  return { bytes: bytes([...client, ...embedded]), clientBytes: bytes(client), packages: packagesOf(inputs) };
}

const exportsOf = (modules) => [...modules].map((path) => `export * from './${path}';`).join('\n');

/** What other files take of `main.js`: each module is run when it is asked for. */
const modulesOf = (paths) =>
  `export const modules = {${[...new Set(paths)].map((path) => `'${path}': () => require('./${path}')`)}};`;

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

const packageFile = (name) => `packages/${name.replace(/\.js$/, '')}`;

const sum = (total, { bytes }) => total + bytes;

const packageFiles = (names) => ({
  entryPoints: Object.fromEntries([...names].map((name) => [packageFile(name), name])),
  plugins: [slimPackages],
});
