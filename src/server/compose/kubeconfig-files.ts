// The kubeconfig of the user: KUBECONFIG, ~/.kube/config, or the service account of the Pod around it.

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { HawserError, messageOf, systemCode } from '../../core/errors.ts';
import { proxyFor } from '../../core/proxy.ts';
import type { KubeEndpoint } from '../../kubernetes/http.ts';
import {
  inClusterEndpoint,
  type KubeconfigContext,
  type KubeconfigSource,
  type KubeconfigWorld,
  readKubeconfig,
} from '../../kubernetes/kubeconfig.ts';
import type { SystemOptions } from './components.ts';

declare module '../../core/errors.ts' {
  interface Reasons {
    'no-kubeconfig': unknown;
  }
}

type Surroundings = Pick<SystemOptions, 'environment' | 'clock'>;

/** How files and programs are reached that a kubeconfig names. */
export function kubeconfigWorld({ environment, clock }: Surroundings): KubeconfigWorld {
  return {
    readFile: (path) =>
      readFile(path).catch((cause: unknown) => {
        throw new HawserError('usage', `cannot read ${path}, which the kubeconfig names: ${messageOf(cause)}`, {
          cause,
        });
      }),
    resolvePath: resolve,
    run: async (command, args, env) => {
      const { stdout } = await promisify(execFile)(command, [...args], { env: { ...environment, ...env } });
      return stdout;
    },
    clock,
  };
}

/** The files that kubectl would read, and those of them that are there. */
export async function kubeconfigFiles({ environment }: Pick<Surroundings, 'environment'>): Promise<{
  readonly paths: readonly string[];
  readonly sources: readonly KubeconfigSource[];
}> {
  const variable = environment['KUBECONFIG'];
  const home = environment['HOME'] ?? homedir();
  const paths = variable ? variable.split(delimiter).filter((path) => path !== '') : [join(home, '.kube', 'config')];
  return { paths, sources: (await Promise.all(paths.map(sourceAt))).filter((source) => source !== undefined) };
}

/** The cluster that kubectl would use; throws `usage` where there is none. */
export async function findCluster(
  { environment, clock }: Surroundings,
  kubeContext: string | undefined,
): Promise<Pick<KubeconfigContext, 'endpoint' | 'namespace' | 'user'>> {
  const world = kubeconfigWorld({ environment, clock });
  const { paths, sources } = await kubeconfigFiles({ environment });
  const proxied = (endpoint: KubeEndpoint): KubeEndpoint => ({
    ...endpoint,
    proxy: proxyFor(endpoint.server, environment),
  });
  if (sources.length > 0) {
    const context = await readKubeconfig(sources, world, kubeContext);
    return { ...context, endpoint: proxied(context.endpoint) };
  }
  const endpoint = await inClusterEndpoint(environment, world);
  if (endpoint) return { endpoint: proxied(endpoint), namespace: '', user: 'in-cluster' };
  throw new HawserError('usage', `there is no kubeconfig: ${paths.join(', ')}`, {
    hint: 'name one in KUBECONFIG',
    reason: { kind: 'no-kubeconfig' },
  });
}

async function sourceAt(path: string): Promise<KubeconfigSource | undefined> {
  try {
    return { text: await readFile(path, 'utf8'), path, folder: dirname(path) };
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return undefined;
    throw new HawserError('usage', `cannot read the kubeconfig '${path}': ${messageOf(thrown)}`, { cause: thrown });
  }
}
