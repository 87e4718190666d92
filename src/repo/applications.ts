// Which folders of a commit an application can be made of.

import { posix } from 'node:path';
import type { SourceType } from '../model/source.ts';
import type { Tree } from './git/tree.ts';
import { decodeText } from './render/text.ts';
import type { FoundApplication } from './request.ts';
import { kustomizationOf } from './source-type.ts';

const READ_LIMIT = 64 * 1024 * 1024;

/** Folders with a chart, a kustomization or at least one manifest; what lies inside of a chart is the chart's. */
export async function findApplications(tree: Tree): Promise<FoundApplication[]> {
  const folders = filesByFolder(tree);
  const types = new Map<string, SourceType>();
  const plain: string[] = [];
  const charts = [...folders].filter(([, names]) => names.includes('Chart.yaml')).map(([folder]) => folder);
  for (const [folder, names] of folders) {
    if (charts.some((chart) => folder !== chart && (chart === '.' || folder.startsWith(`${chart}/`)))) continue;
    if (kustomizationOf(names)) types.set(folder, 'Kustomize');
    else if (names.includes('Chart.yaml')) types.set(folder, 'Helm');
    else
      plain.push(
        ...names.filter((name) => /\.(yaml|yml|json|jsonnet)$/.test(name)).map((name) => posix.join(folder, name)),
      );
  }
  const contents = await tree.read(plain, READ_LIMIT);
  for (const [path, content] of contents) {
    if (path.endsWith('.jsonnet') || holdsManifest(decodeText(content))) types.set(posix.dirname(path), 'Directory');
  }
  return [...types].map(([path, type]) => ({ type, path })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

function filesByFolder(tree: Tree): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const path of tree.entries.keys()) {
    const folder = posix.dirname(path);
    const names = folders.get(folder) ?? [];
    names.push(posix.basename(path));
    folders.set(folder, names);
  }
  return folders;
}

/** Parsing every file of a repository would take long; the two words at the start of a line tell enough. */
function holdsManifest(text: string): boolean {
  return /^\s*"?apiVersion"?\s*:/m.test(text) && /^\s*"?kind"?\s*:/m.test(text);
}
