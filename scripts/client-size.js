// Prints the bytes that a client of a server far away can ever load: the bundle without the embedded system.

import { build } from 'esbuild';
import { slimPackages } from './slim-packages.js';

const root = new URL('..', import.meta.url).pathname;
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/main.ts'],
  outdir: 'dist-client',
  write: false,
  plugins: [slimPackages],
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minify: true,
  keepNames: true,
  metafile: true,
  external: ['./cli/system.ts'],
  logLevel: 'error',
});
console.log(Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0));
