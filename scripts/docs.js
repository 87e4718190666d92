// Documentation of every command and topic, made from the command tree: what `--help` prints, as Markdown and as man pages.
// `npm run docs` writes docs/commands; `--check` says which files are not what they should be; `--man FOLDER` writes man pages.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

register();
const { COMMANDS } = await import('../src/cli/commands.ts');
const { commandPage, HAWSER_ADDITIONS } = await import('../src/cli/help/command-page.ts');
const { TOPICS } = await import('../src/cli/help/topics.ts');
const { createContext } = await import('../src/cli/process-context.ts');
const { commandOf } = await import('../src/cli/root-command.ts');

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'docs/commands');
const manifestPath = join(root, 'package.json');
const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));

/** Each with the words that name it, its children, and what help says of it. */
async function allPages() {
  const stream = { terminal: false, columns: () => 80, rows: () => 24, write: () => undefined };
  const live = createContext({
    io: { out: stream, err: stream, input: { terminal: false } },
    env: {},
    program: 'hawser',
    signal: new AbortController().signal,
  });
  const pagesOf = async (entries, parent) => {
    const all = [];
    for (const { name, children = [], summary } of entries) {
      const words = [...parent, name];
      const page = commandPage(await commandOf(words, true, live), HAWSER_ADDITIONS);
      all.push({ words, summary, page, children: children.map((child) => child.name) });
      all.push(...(await pagesOf(children, words)));
    }
    return all;
  };
  const first = {
    words: [],
    summary: 'deploy what is in Git to Kubernetes',
    page: commandPage(await commandOf([], true, live), HAWSER_ADDITIONS),
    children: COMMANDS.map(({ name }) => name),
  };
  const topics = TOPICS.map((page) => ({
    words: [page.name],
    summary: page.summary,
    page,
    children: [],
    isTopic: true,
  }));
  return [first, ...(await pagesOf(COMMANDS, [])), ...topics];
}

function fileOf({ words, isTopic }) {
  if (words.length === 0) return 'README';
  return isTopic ? `topic-${words[0]}` : words.join('-');
}

function nameOf({ words, isTopic }) {
  return ['hawser', ...(isTopic ? ['help'] : []), ...words].join('-');
}

/** What the page says beside the flags of every command, which stand in the first page alone. */
const sectionsOf = ({ page }) =>
  page.sections.filter((section) => section.terms?.length || section.examples?.length || isProse(section));

const isProse = ({ text }) => text !== undefined && !/^(Help for a command|Flags of every command):/.test(text);

function markdown(page) {
  const { words, isTopic, page: help } = page;
  const title = isTopic ? `hawser help ${words[0]}` : ['hawser', ...words].join(' ');
  const blocks = [
    `<!-- Made by npm run docs. -->`,
    `# ${title}`,
    escaped(help.description),
    ...(help.usage === undefined ? [] : [`\`\`\`\n${help.usage}\n\`\`\``]),
    ...sectionsOf(page).flatMap((section) => markdownSection(section, page)),
    ...(words.length > 0 ? [linksOf(page)] : []),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function markdownSection({ heading, text, terms = [], examples = [] }, page) {
  return [
    ...(heading === undefined ? [] : [`## ${heading}`]),
    ...(text === undefined ? [] : [escaped(text).replaceAll('\n', '  \n')]),
    ...(terms.length > 0
      ? [terms.map((term) => `- ${termOf(term.term, page)}: ${escaped(term.about)}`).join('\n')]
      : []),
    ...(examples.length > 0
      ? [`\`\`\`sh\n${examples.map(({ about, line }) => `# ${about}\n${line}`).join('\n\n')}\n\`\`\``]
      : []),
  ];
}

/** The name of a command or topic leads to its page. */
function termOf(term, { words, children }) {
  const [name] = term.split(', ');
  if (children.includes(name)) return `[\`${term}\`](${[...words, name].join('-')}.md)`;
  const isTopic = words.length === 0 && TOPICS.some((topic) => topic.name === term);
  return isTopic ? `[\`${term}\`](topic-${term}.md)` : `\`${term}\``;
}

function linksOf({ words }) {
  const up = words.slice(0, -1);
  return [
    ...(up.length > 0 ? [`[hawser ${up.join(' ')}](${up.join('-')}.md)`] : []),
    '[all commands, and flags of every command](README.md)',
  ].join(' · ');
}

const escaped = (text) => text.replaceAll('\\', '\\\\').replace(/([*_<>|[\]])/g, '\\$1');

function manPage(page) {
  const { page: help, summary } = page;
  const name = nameOf(page);
  const lines = [
    `.TH "${name.toUpperCase()}" "1" "" "hawser ${manifest.version}" "Hawser"`,
    '.SH NAME',
    `${roff(name)} \\- ${roff(summary.charAt(0).toLowerCase() + summary.slice(1))}`,
    ...(help.usage === undefined ? [] : ['.SH SYNOPSIS', `.B ${roff(help.usage)}`]),
    '.SH DESCRIPTION',
    ...help.description.split('\n').flatMap((line, index) => [...(index > 0 ? ['.PP'] : []), roff(line)]),
    ...sectionsOf(page).flatMap(manSection),
    '.SH SEE ALSO',
    ...seeAlso(page),
  ];
  return `${lines.join('\n')}\n`;
}

function manSection({ heading, text, terms = [], examples = [] }) {
  return [
    heading === undefined ? '.PP' : `.SH ${roff(heading).toUpperCase()}`,
    ...(text ?? '')
      .split('\n')
      .filter(Boolean)
      .flatMap((line, index) => [...(index > 0 ? ['.br'] : []), roff(line)]),
    ...terms.flatMap(({ term, about }) => ['.TP', `.B ${roff(term)}`, roff(about)]),
    ...examples.flatMap(({ about, line }) => [
      '.PP',
      roff(about),
      '.PP',
      '.nf',
      '.RS',
      ...line.split('\n').map(roff),
      '.RE',
      '.fi',
    ]),
  ];
}

function seeAlso({ words, children }) {
  const names = [
    ...(words.length > 0 ? [['hawser', ...words.slice(0, -1)].join('-')] : []),
    ...children.map((child) => ['hawser', ...words, child].join('-')),
    ...(words.length === 0 ? TOPICS.map((topic) => `hawser-help-${topic.name}`) : []),
  ];
  return names.map((name, index) => `.BR ${roff(name)} (1)${index < names.length - 1 ? ',' : ''}`);
}

/** A text that roff takes as it stands, in ASCII. */
const roff = (text) =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1')
    .replace(/[^\x20-\x7e]/g, (letter) => `\\[u${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`);

function writeAll(place, files) {
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(place, name), text);
}

function check(files) {
  const present = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  const names = [...new Set([...files.keys(), ...present.keys()])];
  const stale = names.filter((name) => files.get(name) !== present.get(name)).map((name) => `docs/commands/${name}`);
  if (JSON.stringify(manifest.man) !== JSON.stringify(manList())) stale.push('the list of man pages in package.json');
  for (const name of stale) console.error(`${name} is not current: npm run docs`);
  process.exitCode = stale.length === 0 ? 0 : 1;
}

/** npm links the pages that package.json lists, and no folder. */
const manList = () => pages.map((page) => `man/${nameOf(page)}.1`).sort();

const [mode, target] = process.argv.slice(2);
const pages = await allPages();
if (mode === '--man') writeAll(target, new Map(pages.map((page) => [`${nameOf(page)}.1`, manPage(page)])));
else if (mode === '--check') check(new Map(pages.map((page) => [`${fileOf(page)}.md`, markdown(page)])));
else {
  writeAll(folder, new Map(pages.map((page) => [`${fileOf(page)}.md`, markdown(page)])));
  writeFileSync(manifestPath, `${JSON.stringify({ ...manifest, man: manList() }, null, 2)}\n`);
}
