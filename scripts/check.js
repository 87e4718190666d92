// Everything that can be said about the code without running it: types, lint, import law, dead code.

import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => `${root}node_modules/.bin/${name}`;

let failed = 0;

function check(what, command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) console.log(`✓ ${what}`);
  else {
    failed += 1;
    console.log(`✗ ${what}\n${stdout ?? ''}${stderr ?? ''}`);
  }
  return stdout ?? '';
}

/** A cruise that sees no modules passes every law: as many must be seen as there are source files. */
function checkImports() {
  const report = check(
    'import law',
    bin('depcruise'),
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'err-long',
    'src',
  );
  const cruised = Number(/(\d+) modules/.exec(report)?.[1] ?? 0);
  const sources = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'src/*.ts', 'src/**/*.ts'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));
  if (cruised >= new Set(sources).size) return;
  failed += 1;
  console.log(`✗ import law: ${cruised} modules were cruised, but there are ${sources.length} source files`);
}

check('types', bin('tsc'), '-p', '.');
check('lint and format', bin('biome'), 'check', '.');
checkImports();
check('law of the text', process.execPath, 'scripts/law.js');
check('dead code', bin('knip'));
process.exitCode = failed === 0 ? 0 : 1;
