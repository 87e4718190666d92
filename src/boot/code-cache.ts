// Runs the bundle with the compiled code that the build has kept of it (`scripts/compile.js`): to compile a program anew at
// each start takes longer than most commands.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';

export interface Bundle {
  /** What a file of it exports: './main.js'. */
  load(id: string): unknown;
  /** By file, what V8 has compiled of it by now; empty where Node itself loaded the files. */
  compiled(): ReadonlyMap<string, Buffer>;
}

/**
 * The files of a folder, each run once. Where there is no compiled code, or another Node's, which is of no use, Node loads them,
 * and keeps what it compiles where it can; not so where code is to be compiled.
 */
export function openBundle(folder: string, compiles = false): Bundle {
  const scripts = new Map<string, Script>();
  const loaded = new Map<string, { exports: unknown }>();
  const byNode = (id: string): unknown => require(id.startsWith('./') ? join(folder, id) : id);
  let foreign = false;
  const load = (id: string): unknown => {
    if (foreign || !id.startsWith('./')) return byNode(id);
    const cached = loaded.get(id);
    if (cached) return cached.exports;
    const script = read(join(folder, id));
    if (script.cachedDataRejected !== false && loaded.size === 0 && !compiles) {
      foreign = true;
      keepCompiled();
      return byNode(id);
    }
    const module = { exports: {} };
    scripts.set(id, script);
    loaded.set(id, module);
    script.runInThisContext()(module.exports, load, module, join(folder, id));
    return module.exports;
  };
  return {
    load,
    compiled: () => new Map([...scripts].map(([id, script]) => [id, script.createCachedData()])),
  };
}

/** Node 22 and newer keep what they compile of the files that they load. */
function keepCompiled(): void {
  const node = process.getBuiltinModule('node:module');
  if ('enableCompileCache' in node && typeof node.enableCompileCache === 'function') node.enableCompileCache();
}

/** The text of a bundle is ASCII, and as a script it is the function of its module (scripts/bundle.js). */
function read(path: string): Script {
  const cachePath = path.replace(/js$/, 'code');
  return new Script(readFileSync(path, 'latin1'), {
    filename: path,
    ...(existsSync(cachePath) ? { cachedData: readFileSync(cachePath) } : {}),
  });
}
