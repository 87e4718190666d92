// The programs that rendering needs. A server elsewhere has its own; the local system, `render` and `preview` use these.

import type { Finding } from '../../model/checkup.ts';
import type { ToolState } from './inspector.ts';

export function toolsFinding(tools: readonly ToolState[], isLocal: boolean): Finding {
  const has = (name: string): boolean => tools.some((tool) => tool.name === name && tool.path !== undefined);
  const old = tools.filter(({ path, isSupported }) => path !== undefined && !isSupported);
  const missing = tools.filter(({ name, path }) => path === undefined && !(name === 'kustomize' && has('kubectl')));
  const lacking = [...missing, ...old];
  const facts = {
    tools: tools.map(({ name, path = '', version = '', minimum, isSupported }) => ({
      name,
      path,
      version,
      minimum,
      ok: path !== '' && isSupported,
    })),
  };
  const message = tools.map((tool) => describe(tool, has('kubectl'))).join(', ');
  const [first] = lacking;
  if (!first) return { verdict: 'ok', message, facts };
  const lines = lacking.map((tool) => `${USES[tool.name] ?? tool.name}: ${tool.hint}`);
  const isFault = isLocal && lacking.some(({ name }) => name === 'git');
  return isFault
    ? { verdict: 'fault', code: 'missing-tool', message, lines, facts }
    : { verdict: 'warning', message, lines, facts };
}

function describe({ name, path, version = '', minimum, isSupported }: ToolState, hasKubectl: boolean): string {
  if (path === undefined) return name === 'kustomize' && hasKubectl ? 'kustomize by kubectl' : `no ${name}`;
  const named = version === '' ? `${name} of unknown version` : `${name} ${version.replace(/^v/, '')}`;
  return isSupported ? named : `${named} (older than ${minimum})`;
}

const USES: Readonly<Record<string, string>> = {
  git: 'git, for every repository',
  helm: 'helm, for charts',
  kubectl: 'kubectl, for hawser local kubectl',
  kustomize: 'kustomize, for kustomizations',
  jsonnet: 'jsonnet, for Jsonnet files',
};
