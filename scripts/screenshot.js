// Draws docs/terminal.svg from a real run: the commands are typed in a real terminal, whose screen becomes text in an SVG.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

const root = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'hawser-screenshot-'));
const repository = join(work, 'deploy');
const COLUMNS = 110;
/** Of a character, in the units of the picture. */
const CELL = 7.8;
const LINE = 17;
const MARGIN = 12;
const PALETTE = ['#1e1e1e', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#d4d4d4'];

const manifests = `apiVersion: apps/v1
kind: Deployment
metadata: {name: guestbook}
spec:
  replicas: 2
  selector: {matchLabels: {app: guestbook}}
  template:
    metadata: {labels: {app: guestbook}}
    spec: {containers: [{name: web, image: "guestbook:v1"}]}
---
apiVersion: v1
kind: Service
metadata: {name: guestbook}
spec: {selector: {app: guestbook}, ports: [{port: 80}]}
`;

try {
  await main();
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function main() {
  mkdirSync(join(repository, 'guestbook'), { recursive: true });
  writeFileSync(join(repository, 'guestbook', 'all.yaml'), manifests);
  const git = (...args) =>
    execFileSync('git', ['-C', repository, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args]);
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', 'Deploy the guestbook');

  const terminal = new xterm.Terminal({ cols: COLUMNS, rows: 60, allowProposedApi: true });
  const destination = (namespace) => `--dest-server https://kubernetes.default.svc --dest-namespace ${namespace}`;
  const source = `--repo ${repository} --path guestbook`;
  await type(
    terminal,
    `app create guestbook ${source} ${destination('default')} --sync-policy automated --self-heal`,
    false,
  );
  await type(
    terminal,
    `app create staging ${source} ${destination('staging')} --sync-option CreateNamespace=true`,
    false,
  );
  await type(terminal, 'app wait guestbook --sync --health', false);
  await type(terminal, 'app list');
  await type(terminal, 'app get guestbook');
  writeFileSync(join(root, 'docs', 'terminal.svg'), drawn(terminal));
}

/** Runs a command in the terminal; what is not shown is run all the same. */
async function type(terminal, line, shown = true) {
  if (shown) await write(terminal, `\u001b[1m$ hawser ${line}\u001b[0m\r\n`);
  const child = spawn(process.execPath, [join(root, 'bin', 'hawser.js'), ...line.split(' ')], {
    cols: COLUMNS,
    rows: 60,
    env: {
      PATH: process.env.PATH,
      HOME: work,
      HAWSER_DATA_DIR: join(work, 'data'),
      HAWSER_CONTEXT: 'local',
      TERM: 'xterm-256color',
    },
  });
  let text = '';
  child.onData((data) => {
    text += data;
  });
  await new Promise((resolve) => child.onExit(resolve));
  if (shown) await write(terminal, `${text.replaceAll(work, '~')}\r\n`);
}

function write(terminal, text) {
  return new Promise((resolve) => terminal.write(text, resolve));
}

function drawn(terminal) {
  const { active } = terminal.buffer;
  const lines = [];
  for (let row = 0; row < active.length; row += 1) lines.push(spansOf(active.getLine(row)));
  while (lines.length > 0 && lines.at(-1).every((span) => span.text.trim() === '')) lines.pop();
  const height = 2 * MARGIN + lines.length * LINE;
  const width = 2 * MARGIN + COLUMNS * CELL;
  const rows = lines.map((spans, index) => {
    const words = spans.flatMap(wordsOf).map(tspan);
    return `<text y="${MARGIN + LINE * (index + 0.75)}">${words.join('')}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13" fill="${PALETTE[7]}"><rect width="100%" height="100%" rx="8" fill="${PALETTE[0]}"/>${rows.join('')}</svg>\n`;
}

/** Runs of cells that look the same. */
function spansOf(line) {
  const spans = [];
  for (let column = 0; column < COLUMNS; column += 1) {
    const cell = line.getCell(column);
    const look = `${cell.isFgPalette() ? cell.getFgColor() % 8 : 7} ${cell.isBold() ? 1 : 0} ${cell.isDim() ? 1 : 0}`;
    const text = cell.getChars() || ' ';
    const last = spans.at(-1);
    if (last?.look === look) last.text += text;
    else spans.push({ look, text, column });
  }
  return spans;
}

/** The parts of a span between gaps of more than one blank. */
function wordsOf({ look, text, column }) {
  return [...text.matchAll(/\S+(?: \S+)*/g)].map((match) => ({ look, text: match[0], column: column + match.index }));
}

/** At its column and as wide as its cells, whatever font there is: a sign of another font would shift what follows. */
function tspan({ look, text, column }) {
  const [colour, bold, dim] = look.split(' ').map(Number);
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const place = `x="${(MARGIN + column * CELL).toFixed(1)}" textLength="${(text.length * CELL).toFixed(1)}" lengthAdjust="spacingAndGlyphs"`;
  return `<tspan ${place} fill="${PALETTE[colour]}"${bold ? ' font-weight="bold"' : ''}${dim ? ' opacity="0.6"' : ''}>${escaped}</tspan>`;
}
