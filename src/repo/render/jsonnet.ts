import { join, relative } from 'node:path';
import { HawserError } from '../../core/errors.ts';
import { parseYaml } from '../../core/yaml.ts';
import type { JsonnetVariable } from '../../model/source.ts';
import { buildEnvironment, substitute } from './build-environment.ts';
import { placeInside } from './inside.ts';
import { importedFiles } from './jsonnet-imports.ts';
import { manifestsOf } from './manifests.ts';
import type { RenderedFiles, Rendering } from './renderer.ts';
import { runTool, toolFailure } from './run-tool.ts';

/** Evaluates Jsonnet files, each to an object or a list of objects. */
export async function evaluateJsonnet(rendering: Rendering, paths: readonly string[]): Promise<RenderedFiles> {
  const { folder, source } = rendering;
  const root = await rendering.checkout();
  const { extVars = [], tlas = [], libs = [] } = source.directory?.jsonnet ?? {};
  const variables = buildEnvironment(rendering);
  const argument = (kind: string, { name, value, code }: JsonnetVariable): string[] => [
    `--${kind}-${code ? 'code' : 'str'}`,
    `${name}=${substitute(value, variables)}`,
  ];
  // Both programs search the library named last first, and the application's own folder comes before all.
  const folders = [folder || '.', ...libs.map((lib) => relative(root, placeInside(root, '', lib)) || '.')];
  const texts = [...extVars, ...tlas].flatMap(({ code, value }) => (code ? [substitute(value, variables)] : []));
  const read = await importedFiles({ root, folders }, { files: paths, texts });
  const words = [
    ...folders.toReversed().flatMap((path) => ['-J', path]),
    ...extVars.flatMap((variable) => argument('ext', variable)),
    ...tlas.flatMap((variable) => argument('tla', variable)),
  ];
  const files: { readonly manifests: RenderedFiles['manifests']; readonly command: string }[] = [];
  for (const path of paths) {
    const outcome = await runTool(rendering, {
      tool: 'jsonnet',
      arguments: [...words, path],
      folder: root,
      hidden: [[join(root, '/'), '']],
    });
    if (outcome.failure !== '') throw toolFailure('jsonnet', outcome, folder);
    files.push({ manifests: objectsOf(outcome.stdout, path), command: outcome.command });
  }
  return {
    isOwn: folder === '' || read.every((path) => path.startsWith(`${folder}/`)),
    manifests: files.flatMap(({ manifests }) => manifests),
    commands: files.map(({ command }) => command),
  };
}

function objectsOf(output: string, path: string): RenderedFiles['manifests'] {
  // JSON is YAML too, and read within the same bounds.
  const value = parseYaml(output, path);
  if (Array.isArray(value)) return value.flatMap((item) => manifestsOf(item, path));
  if (typeof value === 'object') return manifestsOf(value, path);
  throw new HawserError('invalid', `${path}: gives neither an object nor a list of objects`);
}
