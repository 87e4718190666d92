// Charts that a chart depends on and that are not in its repository.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listAt, textAt } from '../../core/json.ts';
import { parseYaml } from '../../core/yaml.ts';
import { helmEnvironment } from './helm-home.ts';
import type { Rendering } from './renderer.ts';
import { runTool, type ToolOutcome, toolFailure } from './run-tool.ts';

interface ChartFolders {
  readonly folder: string;
  readonly scratch: string;
}

/** Fetches them into the checkout; answers the command lines. */
export async function buildDependencies(rendering: Rendering, folders: ChartFolders): Promise<string[]> {
  const { folder, scratch } = folders;
  const helm = async (...words: readonly string[]): Promise<string> => {
    const outcome: ToolOutcome = await runTool(rendering, {
      tool: 'helm',
      arguments: words,
      folder,
      environment: helmEnvironment(rendering.home, scratch),
      hidden: [
        [`${folder}/`, ''],
        [`${scratch}/`, ''],
      ],
    });
    if (outcome.failure !== '') throw toolFailure('helm', outcome, rendering.folder);
    return outcome.command;
  };
  const commands: string[] = [];
  // With a lock file helm takes only repositories that it was told of.
  for (const [index, url] of (await repositoriesOf(folder)).entries()) {
    commands.push(await helm('repo', 'add', `dependency-${index}`, url));
  }
  commands.push(await helm('dependency', 'build', '.'));
  return commands;
}

async function repositoriesOf(folder: string): Promise<string[]> {
  const urls = new Set<string>();
  for (const name of ['Chart.yaml', 'requirements.yaml']) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    for (const dependency of listAt(parseYaml(text, name), 'dependencies')) {
      const url = textAt(dependency, 'repository');
      if (/^https?:\/\//.test(url)) urls.add(url);
    }
  }
  return [...urls];
}
