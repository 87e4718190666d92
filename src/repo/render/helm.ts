import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HawserError } from '../../core/errors.ts';
import type { HelmOptions } from '../../model/source.ts';
import { isShared } from '../address.ts';
import { buildEnvironment, substitute } from './build-environment.ts';
import { helmEnvironment } from './helm-home.ts';
import { parseManifests } from './manifests.ts';
import type { RenderedFiles, Rendering } from './renderer.ts';
import { runTool, type ToolOutcome, toolFailure } from './run-tool.ts';
import { sourceFile, valueFiles } from './value-files.ts';

const MISSING_DEPENDENCIES = 'found in Chart.yaml, but missing in charts/ directory';

/** Runs `helm template`; fetches the chart's dependencies when it says that they are missing. */
export async function renderHelm(rendering: Rendering): Promise<RenderedFiles> {
  const scratch = await rendering.scratch();
  const commands: string[] = [];
  let outcome = await template(rendering, scratch);
  const isWhole = !outcome.failure.includes(MISSING_DEPENDENCIES);
  if (!isWhole) {
    const { buildDependencies } = await import('./helm-dependencies.ts');
    // They are written beside the chart.
    const own = { ...rendering, checkout: rendering.ownCheckout };
    const folder = join(await own.checkout(), own.folder);
    commands.push(...(await buildDependencies(own, { folder, scratch })));
    outcome = await template(own, scratch);
  }
  if (outcome.failure !== '') throw toolFailure('helm', outcome, rendering.folder || (rendering.source.chart ?? ''));
  commands.push(outcome.command);
  const isOwn = isWhole && readsItsFolder(rendering);
  return { manifests: parseManifests(outcome.stdout, `what helm rendered of '${nameOf(rendering)}'`), commands, isOwn };
}

async function template(rendering: Rendering, scratch: string): Promise<ToolOutcome> {
  const root = await rendering.checkout();
  const folder = join(root, rendering.folder);
  if (isShared(rendering.environment) && !rendering.source.helm?.skipSchemaValidation) {
    const { checkSchemas } = await import('./helm-schemas.ts');
    await checkSchemas(folder);
  }
  return runTool(rendering, {
    tool: 'helm',
    arguments: await templateArguments(rendering, scratch),
    folder,
    environment: helmEnvironment(rendering.home, scratch),
    hidden: [
      [`${folder}/`, ''],
      [`${root}/`, '/'],
      [`${scratch}/`, ''],
    ],
  });
}

/** Whether its values come from nowhere else; fetched dependencies show by their commands. */
function readsItsFolder({ source: { helm = {} } }: Rendering): boolean {
  const files = [...(helm.valueFiles ?? []), ...(helm.fileParameters ?? []).map(({ path = '' }) => path)];
  return !files.some((path) => /^\/|:\/\/|\$|(^|\/)\.\.(\/|$)/.test(path));
}

const nameOf = ({ folder, source }: Rendering): string => source.chart || folder || '.';

async function templateArguments(rendering: Rendering, scratch: string): Promise<string[]> {
  const { request, source } = rendering;
  const helm = source.helm ?? {};
  const variables = buildEnvironment(rendering);
  const words = ['template', '.', '--name-template', helm.releaseName || releaseName(request.application.name)];
  const namespace = helm.namespace || request.destinationNamespace;
  if (namespace) words.push('--namespace', namespace);
  const version = helm.kubeVersion || request.kubeVersion;
  if (version) words.push('--kube-version', plainVersion(version));
  for (const { name = '', value = '', forceString } of helm.parameters ?? []) {
    words.push(forceString ? '--set-string' : '--set', `${name}=${escaped(substitute(value, variables))}`);
  }
  for (const { name = '', path = '' } of helm.fileParameters ?? []) {
    const file = await sourceFile(rendering, path);
    words.push('--set-file', `${name}=${escaped(file)}`);
  }
  for (const file of await valueFiles(rendering)) words.push('--values', file);
  const inline = inlineValues(helm);
  if (inline !== '') {
    const file = join(scratch, 'values.yaml');
    await writeFile(file, inline, { mode: 0o600 });
    words.push('--values', file);
  }
  for (const api of helm.apiVersions?.length ? helm.apiVersions : request.apiVersions)
    words.push('--api-versions', api);
  if (!helm.skipCrds) words.push('--include-crds');
  if (helm.skipSchemaValidation) words.push('--skip-schema-validation');
  if (helm.skipTests) words.push('--skip-tests');
  return words;
}

/** An application outside of the control plane's namespace is called 'namespace/name'. */
function releaseName(application: string): string {
  return application.slice(application.lastIndexOf('/') + 1);
}

function plainVersion(version: string): string {
  const match = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[-+].*)?$/.exec(version);
  if (!match)
    throw new HawserError('invalid', `'${version}' is not a Kubernetes version`, { hint: 'write it like 1.35' });
  const [, major, minor = '0', patch = '0'] = match;
  return `${major}.${minor}.${patch}`;
}

/** Helm takes a comma for the start of the next parameter; a list in braces has commas of its own. */
function escaped(value: string): string {
  return value.startsWith('{') && value.endsWith('}') ? value : value.replace(/(?<!\\),/g, '\\,');
}

function inlineValues({ values, valuesObject }: HelmOptions): string {
  if (valuesObject !== undefined && valuesObject !== null) return JSON.stringify(valuesObject);
  return values ?? '';
}
