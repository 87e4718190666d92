// What is loaded when something of it is asked for, not when a module that imports it is run: parts of Node that its start has not
// loaded already, packages, and a few modules of ours that work at their first line. Written are imports as ever; the bundle reads
// each name of them by a getter. CONTRIBUTING.md says what this saves.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const PARTS_OF_NODE = [
  'child_process',
  'crypto',
  'dns/promises',
  'http',
  'https',
  'net',
  'tls',
  'worker_threads',
  'zlib',
];

const MODULES = [
  'src/core/version.ts',
  'src/core/yaml-schema.ts',
  'src/engine/health/operators/table.ts',
  'src/repo/address.ts',
];

/** An esbuild plugin over the modules of `root`. `isPackage` tells which packages it is for. */
export function lateImports(root, isPackage) {
  const names = importedNames(root);
  return {
    name: 'late-imports',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /./ }, ({ path, importer, kind, resolveDir }) => {
        if (kind !== 'import-statement' || importer.includes('node_modules')) return undefined;
        const id = idOf(path, resolveDir, root);
        return isLate(id, isPackage) && names.has(id) && !names.get(id).has('default')
          ? { path: id, namespace: 'late' }
          : undefined;
      });
      onLoad({ filter: /./, namespace: 'late' }, ({ path }) => ({
        contents: gettersOf(path, names.get(path)),
        resolveDir: root,
      }));
    },
  };
}

const idOf = (path, folder, root) =>
  path.startsWith('.') ? relative(root, resolve(folder, path)).replaceAll('\\', '/') : path;

function isLate(id, isPackage) {
  if (id.startsWith('node:')) return PARTS_OF_NODE.includes(id.slice('node:'.length));
  return id.startsWith('src/') ? MODULES.includes(id) : isPackage(id);
}

function gettersOf(id, names) {
  const required = id.startsWith('src/') ? `./${id}` : id;
  const getters = [...names].map((name) => `get ${name}() { return (late ??= require('${required}')).${name}; }`);
  return `let late; module.exports = { __esModule: true, ${getters.join(', ')} };`;
}

/** By what is imported, the names that modules of ours import of it. */
function importedNames(root) {
  const all = new Map();
  for (const entry of readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const file = join(entry.parentPath, entry.name);
    const text = readFileSync(file, 'utf8');
    for (const [, clause, path] of text.matchAll(/^import (?!type )([^;']+?) from '([^']+)';$/gm)) {
      const id = idOf(path, dirname(file), root);
      const known = all.get(id) ?? new Set();
      for (const name of namesOf(clause, text)) known.add(name);
      all.set(id, known);
    }
  }
  return all;
}

/** A default import is the package itself: nothing can stand for it. */
function namesOf(clause, text) {
  const [, space] = /^\* as (\w+)$/.exec(clause) ?? [];
  if (space !== undefined)
    return [...text.matchAll(new RegExp(`\\b${space}\\s*\\.(\\w+)`, 'g'))].map(([, name]) => name);
  const [, listed = ''] = /\{([^}]*)\}/.exec(clause) ?? [];
  const names = listed
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '));
  return [...(/^\w/.test(clause) ? ['default'] : []), ...names.map((name) => name.replace(/ as .*$/, ''))];
}
