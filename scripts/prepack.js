// What a packed hawser holds beside its sources' own files: the bundle, its notices, the man pages.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (...words) => execFileSync(process.execPath, words, { cwd: root, stdio: ['ignore', 2, 2] });

run('scripts/build.js');
run('scripts/docs.js', '--man', 'man');
