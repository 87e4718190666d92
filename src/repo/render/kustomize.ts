// Kustomize: the source's options are written into the kustomization, then one build.

import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HawserError } from '../../core/errors.ts';
import { isObject } from '../../core/json.ts';
import { formatYaml, parseYaml } from '../../core/yaml.ts';
import type { KustomizeOptions } from '../../model/source.ts';
import { isShared } from '../address.ts';
import { kustomizationOf } from '../source-type.ts';
import { buildEnvironment, substitute } from './build-environment.ts';
import { editKustomization } from './kustomization.ts';
import { checkBases } from './kustomize-bases.ts';
import { parseManifests } from './manifests.ts';
import type { RenderedFiles, Rendering } from './renderer.ts';
import { runTool, toolFailure } from './run-tool.ts';

export async function renderKustomize(rendering: Rendering): Promise<RenderedFiles> {
  const { folder, source, tools } = rendering;
  const isChanged = Object.keys(source.kustomize ?? {}).length > 0;
  const mustFetch = isShared(rendering.environment);
  const root = await (isChanged || mustFetch ? rendering.ownCheckout() : rendering.checkout());
  if (source.kustomize?.version) {
    throw new HawserError('invalid', `kustomize version '${source.kustomize.version}' is not set up`, {
      hint: 'leave the version out to use the kustomize of this machine',
    });
  }
  await applyOptions(rendering, join(root, folder));
  const isOwn = await checkBases(root, join(root, folder));
  if (mustFetch) {
    const { localizeBases } = await import('./kustomize-remote.ts');
    await localizeBases(rendering, { root, folder: join(root, folder) });
  }
  const standalone = (await tools.look('kustomize')) !== undefined;
  // Without either, the one to ask for is kustomize itself.
  const tool = standalone || (await tools.look('kubectl')) === undefined ? 'kustomize' : 'kubectl';
  const outcome = await runTool(rendering, {
    tool,
    arguments: [tool === 'kustomize' ? 'build' : 'kustomize', folder || '.'],
    folder: root,
    // A remote base is no folder of this machine.
    environment: { GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1', GIT_ALLOW_PROTOCOL: 'git:http:https:ssh' },
    hidden: [
      [`${root}/`, ''],
      [root, '.'],
    ],
  });
  if (outcome.failure !== '') throw toolFailure(tool, outcome, folder);
  return {
    manifests: parseManifests(outcome.stdout, `what kustomize built of '${folder || '.'}'`),
    commands: [outcome.command],
    isOwn,
  };
}

async function applyOptions(rendering: Rendering, folder: string): Promise<void> {
  const { source } = rendering;
  const name = kustomizationOf(await readdir(folder));
  const path = rendering.folder || '.';
  if (name === undefined) {
    throw new HawserError('invalid', `'${path}' has no kustomization`, {
      hint: 'add a kustomization.yaml, or leave the kustomize options of the source out',
    });
  }
  const options = source.kustomize;
  if (!options || Object.keys(options).length === 0) return;
  const file = join(folder, name);
  const before = parseYaml(await readFile(file, 'utf8'), `${path}/${name}`);
  if (before !== null && !isObject(before)) {
    throw new HawserError('invalid', `${path}/${name}: a kustomization must be an object`);
  }
  const after = editKustomization(before ?? {}, {
    ...withVariables(options, buildEnvironment(rendering)),
    components: await presentComponents(options, folder),
  });
  await writeFile(file, formatYaml(after));
}

function withVariables(options: KustomizeOptions, variables: Readonly<Record<string, string>>): KustomizeOptions {
  const replaced = (texts: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, substitute(value, variables)]));
  const { images = [], commonLabels, commonAnnotations, commonAnnotationsEnvsubst } = options;
  return {
    ...options,
    images: images.map((image) => substitute(image, variables)),
    commonLabels: replaced(commonLabels),
    commonAnnotations: commonAnnotationsEnvsubst ? replaced(commonAnnotations) : (commonAnnotations ?? {}),
  };
}

async function presentComponents(options: KustomizeOptions, folder: string): Promise<readonly string[]> {
  const { components = [], ignoreMissingComponents } = options;
  if (!ignoreMissingComponents) return components;
  const there = await Promise.all(components.map((path) => stat(join(folder, path)).catch(() => undefined)));
  return components.filter((_path, index) => there[index] !== undefined);
}
