// Charts that a chart depends on and that are not in its repository.

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { listAt, textAt } from '../../core/json.ts';
import { parseYaml } from '../../core/yaml.ts';
import { refuseUnreached } from '../address.ts';
import { helmEnvironment } from './helm-home.ts';
import { checkInside, realPlaceInside } from './inside.ts';
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
  const dependencies = await dependenciesOf(folder);
  const root = await rendering.checkout();
  for (const reference of dependencies.flatMap(localPlace)) {
    // Helm takes a folder from wherever it is told.
    const path = resolve(folder, reference);
    checkInside(root, path, reference);
    await realPlaceInside(root, path);
  }
  const commands: string[] = [];
  // With a lock file helm takes only repositories that it was told of.
  const urls = new Set(dependencies.filter((url) => /^https?:\/\//.test(url)));
  const remote = dependencies.filter((url) => /^(https?|oci):\/\//i.test(url));
  for (const url of remote) await refuseUnreached(url, rendering.environment);
  for (const [index, url] of [...urls].entries()) {
    commands.push(await helm('repo', 'add', `dependency-${index}`, url));
  }
  commands.push(await helm('dependency', 'build', '.'));
  return commands;
}

const localPlace = (url: string): string[] => (url.startsWith('file://') ? [url.slice('file://'.length)] : []);

/** The repositories of all charts that helm may fetch, those of a lock file included. */
async function dependenciesOf(folder: string): Promise<string[]> {
  const urls: string[] = [];
  for (const name of ['Chart.yaml', 'requirements.yaml', 'Chart.lock', 'requirements.lock']) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    urls.push(...listAt(parseYaml(text, name), 'dependencies').map((one) => textAt(one, 'repository')));
  }
  return urls;
}
