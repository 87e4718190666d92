// Wakes the simulation of custom kinds when there is any: a cluster without definitions of others never loads it.

import { objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Api } from '../api.ts';
import { CRD_STORAGE } from '../kinds.ts';
import type { RunReconciler } from './simulation.ts';

/** Hawser's own: it writes their status. */
const OWN: ReadonlySet<string> = new Set([
  'argoproj.io/Application',
  'argoproj.io/AppProject',
  'argoproj.io/ApplicationSet',
]);

const isForeign = (definition: KubeObject): boolean => {
  const spec = objectAt(definition, 'spec');
  return !OWN.has(`${textAt(spec, 'group')}/${textAt(spec, 'names', 'kind')}`);
};

export async function watchForOperators(api: Api, run: RunReconciler, signal: AbortSignal): Promise<void> {
  if (!api.store.list(CRD_STORAGE).some(isForeign)) await firstDefinition(api, signal);
  if (signal.aborted) return;
  const { runOperators } = await import('./run.ts');
  await runOperators(api, run, signal);
}

function firstDefinition(api: Api, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      unsubscribe();
      resolve();
    };
    const unsubscribe = api.store.subscribe((change) => {
      if (change.resource === CRD_STORAGE && change.object && isForeign(change.object)) end();
    });
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
  });
}
