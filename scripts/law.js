// The laws that an import graph cannot see, held against the text of src: each line that breaks one is printed.
// `node scripts/law.js [ROOT]`; 1 where there is any.

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const { forbidden } = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
const LAYERS = forbidden.filter(({ name }) => name.startsWith('layer-')).map(({ name }) => name.slice('layer-'.length));

const PURE = /^src\/(core|objects|model|api|engine|render)\//;
const COMMAND = /^src\/cli\/commands\//;

/** Where a pattern may not stand; comments count as text. */
const LAWS = [
  {
    name: 'pure-clock',
    where: PURE,
    pattern: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bset(Timeout|Interval|Immediate)\(/,
  },
  { name: 'pure-chance', where: PURE, pattern: /\bMath\.random\b|\brandom(UUID|Bytes|Int)\b/ },
  { name: 'pure-process', where: PURE, pattern: /\bprocess\.\w|\bglobalThis\.process\b/ },
  { name: 'command-process', where: COMMAND, pattern: /\bprocess\.(std(in|out|err)|exit\b|env\b|argv\b|on(ce)?\()/ },
];

export function brokenLaws(root) {
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const unknown = folders
    .filter(({ name }) => !LAYERS.includes(name))
    .map(({ name }) => `src/${name}: folder-without-a-row in .dependency-cruiser.cjs`);
  const files = readdirSync(join(root, 'src'), { recursive: true })
    .map((name) => `src/${name}`)
    .filter((name) => name.endsWith('.ts'));
  return [...unknown, ...files.flatMap((file) => brokenIn(file, readFileSync(join(root, file), 'utf8')))];
}

function brokenIn(file, text) {
  const laws = LAWS.filter(({ where }) => where.test(file));
  if (laws.length === 0) return [];
  return text
    .split('\n')
    .flatMap((line, index) =>
      laws.filter(({ pattern }) => pattern.test(line)).map(({ name }) => `${file}:${index + 1}: ${name}`),
    );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const broken = brokenLaws(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)));
  for (const line of broken) console.error(line);
  process.exitCode = broken.length === 0 ? 0 : 1;
}
