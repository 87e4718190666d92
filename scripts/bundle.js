// The program as few files: `main.js`, what most commands run; a file for each group of commands that is typed less often;
// `system.js`, the embedded system, and a file for each large part that it rarely needs; `packages/`, what is rarely asked for.
// Many small files, or ES modules, take longer to open than to run; of large ones V8 must know every function. A module is run
// when it is first asked for: what a file needs of `main.js`, or of `system.js`, it takes from there by name, so that nothing is
// run for somebody else.

import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { lateImports } from './late-imports.js';
import { slimPackages, wasmOfJq } from './slim-packages.js';

const root = fileURLToPath(new URL('..', import.meta.url));

const SYSTEM = 'src/cli/system.ts';

/** What is rarely asked for, and large: a module or a folder, and the file that it gets. */
const RARE = {
  'src/cli/input/unknown-fields.ts': 'fields',
  'src/local-cluster/controllers/': 'cluster',
  'src/local-cluster/describe.ts': 'cluster',
  'src/local-cluster/faults/api-faults.ts': 'cluster',
  'src/local-cluster/load-object.ts': 'cluster',
  'src/local-cluster/nodes.ts': 'cluster',
  'src/local-cluster/registry.ts': 'cluster',
  'src/local-cluster/verbs/': 'cluster',
  'src/local-cluster/listen.ts': 'kubernetes-port',
  'src/local-cluster/openapi/': 'kubernetes-port',
  'src/local-cluster/protobuf/': 'kubernetes-port',
  'src/objects/generated/schemas.ts': 'schemas',
  'src/repo/': 'rendering',
  'src/server/compose/': 'tools',
  'src/server/http/': 'port',
  'src/server/installation/': 'installation',
  'src/server/routes/link-templates.ts': 'links',
};

/** What is typed every day, in terminals and pipelines. */
const EVERYDAY_COMMANDS = ['account', 'app', 'completion', 'help', 'session', 'version'];

/** The file that a module begins where it is imported dynamically; undefined where it stays with whoever imports it. */
function fileOfModule(path) {
  if (path === SYSTEM) return 'system';
  const [, rare] = Object.entries(RARE).find(([start]) => path.startsWith(start)) ?? [];
  if (rare !== undefined) return rare;
  const [, command] = /^src\/cli\/commands\/([^/.]+)/.exec(path) ?? [];
  return command === undefined || EVERYDAY_COMMANDS.includes(command) ? undefined : `command-${command}`;
}

/** Packages that a thread loads by their path: no import names them. */
const IN_THREADS = ['jq-wasm'];

/** Modules of ours that a thread loads, beside the packages: src/server/compose/lua-thread.ts. */
const MODULES_IN_THREADS = { 'packages/lua': 'src/core/lua/script.ts' };

/** Packages that nearly every command runs. */
const EVERYDAY = ['axios', 'commander'];

/**
 * An esbuild plugin for one file of the bundle: what stands in another one, by `standing` (module → file). Noted are the packages
 * that it asks for, the modules that it takes of other files, and those that begin another file.
 */
const otherFiles = (name, standing, { packages, taken, begun }) => ({
  name: 'other-files',
  setup({ onResolve, onLoad, resolve: resolveImport }) {
    const take = (file, module) => {
      taken.set(file, (taken.get(file) ?? new Set()).add(module));
      return { path: module, namespace: file };
    };
    onResolve({ filter: /./ }, ({ path, resolveDir, importer, kind, namespace }) => {
      if (BASES.includes(namespace)) return { path, external: true };
      if (importer.includes('node_modules') || path.startsWith('node:') || kind === 'entry-point') return undefined;
      if (!/^[./]/.test(path)) {
        if (EVERYDAY.includes(path) && name !== 'main') return take('main', path);
        // What others take is what `main.js` has imported, not the same as Node requires it.
        if (EVERYDAY.includes(path) && kind === 'require-call')
          return resolveImport(path, { kind: 'import-statement', resolveDir });
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
      const base = standing.get(module);
      return base === undefined ? undefined : take(base, module);
    });
    for (const base of BASES)
      onLoad({ filter: /./, namespace: base }, ({ path }) => ({ contents: takenOf(base, path) }));
  },
});

/** The files that others take modules of. */
const BASES = ['main', 'system'];

function takenOf(base, path) {
  const module = `require('./${base}.js').modules['${path}']()`;
  // As Node requires it: its default export, where it has one.
  if (EVERYDAY.includes(path)) return `const taken = ${module}; module.exports = taken.default ?? taken;`;
  return `const { ${exportedBy(path)} } = ${module}; export { ${exportedBy(path)} };`;
}

/** The names of what a module exports beside types. */
function exportedBy(path) {
  const text = readFileSync(join(root, path), 'utf8');
  const declared = text.matchAll(/^export (?:async )?(?:function\*?|const|class) (\w+)/gm);
  return [...new Set([...declared].map(([, name]) => name))];
}

const notesOf = () => ({ packages: new Set(), taken: new Map(), begun: new Map() });

const late = lateImports(root, (path) => !EVERYDAY.includes(path));

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
  const file = (name, contents, { notes, standing = new Map(), ...options }) =>
    build({
      ...settings,
      ...options,
      stdin: { contents, resolveDir: root, sourcefile: `${name}.ts`, loader: 'ts' },
      entryNames: name,
      plugins: [slimPackages, late, otherFiles(name, standing, notes)],
    });
  const client = await filesOver('main', ['src/main.ts'], { file, standing: new Map() });
  const system = await filesOver('system', [SYSTEM], { file, standing: client.standing });
  const taken = (base) => [client, system].flatMap(({ notes }) => [...(notes.taken.get(base) ?? [])]);
  const clientFiles = [
    await client.write(taken('main')),
    await build({ ...settings, entryPoints: ['src/boot/start.ts', 'src/boot/code-cache.ts'] }),
    await build({ ...settings, ...packageFiles(client.notes.packages) }),
  ].flat();
  const rest = [...system.notes.packages, ...IN_THREADS].filter((name) => !client.notes.packages.has(name));
  const embedded = [
    await system.write(taken('system')),
    await build({ ...settings, ...packageFiles(rest) }),
    await build({ ...settings, entryPoints: MODULES_IN_THREADS }),
  ].flat();
  if (write) {
    copyAddons('fs-native-extensions');
    writeFileSync(join(root, 'dist/packages/jq.wasm.br'), wasmOfJq());
  }
  const bytes = (results) => results.flatMap(({ metafile }) => Object.values(metafile.outputs)).reduce(sum, 0);
  const inputs = [...clientFiles, ...embedded].flatMap(({ metafile }) => Object.keys(metafile.inputs));
  return { bytes: bytes([...clientFiles, ...embedded]), clientBytes: bytes(clientFiles), packages: packagesOf(inputs) };
}

/**
 * A base of the bundle and the files that are begun from it, drafted until nothing new is begun: what it notes, where modules
 * stand that its files, or a later base, may take, and how to write it, `taken` being the modules that others take of it.
 */
async function filesOver(base, entries, { file, standing: earlier }) {
  const notes = notesOf();
  const draft = await file(base, exportsOf(entries), { notes, standing: earlier, write: false });
  const modules = Object.keys(draft.metafile.inputs).filter((path) => path.startsWith('src/'));
  const standing = new Map([...modules.map((path) => [path, base]), ...earlier]);
  const parts = () => [...notes.begun].filter(([name]) => !BASES.includes(name));
  const buildParts = (options) =>
    Promise.all(parts().map(([name, modules]) => file(name, exportsOf(modules), { notes, standing, ...options })));
  const size = () => parts().reduce((total, [, { size }]) => total + size, 0);
  for (let before = -1; before !== size(); ) {
    before = size();
    await buildParts({ write: false });
  }
  return {
    notes,
    standing,
    write: async (taken) => [
      await file(base, `${exportsOf(entries)}\n${modulesOf(taken)}`, { notes, standing: earlier }),
      ...(await buildParts({})),
    ],
  };
}

const exportsOf = (modules) => [...modules].map((path) => `export * from './${path}';`).join('\n');

/** What other files take of a base: each module is run when it is asked for. */
const modulesOf = (paths) =>
  `export const modules = {${[...new Set(paths)].map((path) => `'${path}': () => require('${/^src/.test(path) ? './' : ''}${path}')`)}};`;

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
