// The verbs of `hawser local`.

import type { Entry } from '../../command-tree.ts';

export const LOCAL_COMMANDS: readonly Entry[] = [
  {
    name: 'status',
    summary: 'Show the local cluster and who owns its folder',
    load: async () => (await import('./status.ts')).localStatusCommand,
  },
  {
    name: 'serve',
    summary: 'Serve the Kubernetes API of the local cluster',
    load: async () => (await import('./serve.ts')).serveCommand,
  },
  {
    name: 'kubeconfig',
    summary: 'Print or merge a kubeconfig for the local cluster',
    load: async () => (await import('./kubeconfig.ts')).kubeconfigCommand,
  },
  {
    name: 'load',
    summary: 'Put Kubernetes objects from files into the cluster',
    load: async () => (await import('./load/load.ts')).loadCommand,
  },
  {
    name: 'kubectl',
    summary: 'Run kubectl against the local cluster',
    load: async () => (await import('./kubectl.ts')).kubectlCommand,
  },
  {
    name: 'clock',
    summary: 'Show or set the clock of the local cluster',
    load: async () => (await import('./clock.ts')).clockCommand,
  },
  {
    name: 'nodes',
    summary: 'List the nodes of the local cluster, or set how many',
    load: async () => (await import('./nodes.ts')).nodesCommand,
  },
  {
    name: 'reset',
    summary: 'Delete the local cluster',
    load: async () => (await import('./reset.ts')).resetCommand,
  },
];
