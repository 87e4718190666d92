import type { Application } from '../../model/application.ts';
import type { KubeObject, ObjectKey } from '../../objects/object.ts';
import type { SyncTask } from './tasks.ts';

export interface NamespaceRules {
  readonly syncOptions: readonly string[];
  liveOf(key: ObjectKey): KubeObject | undefined;
}

/**
 * With CreateNamespace=true the destination's namespace is made first when it is not there, or is given its metadata.
 * It is not stamped with the application, so it is never pruned. One that Git had and has no longer becomes such a
 * namespace: to prune it would take along everything that the application has in it.
 */
export function withNamespace(
  tasks: readonly SyncTask[],
  { spec }: Pick<Application, 'spec'>,
  { syncOptions, liveOf }: NamespaceRules,
): readonly SyncTask[] {
  const name = spec.destination.namespace ?? '';
  if (name === '' || !syncOptions.includes('CreateNamespace=true')) return tasks;
  const own = tasks.find(({ key }) => key.group === '' && key.kind === 'Namespace' && key.name === name);
  if (own?.target) return tasks;
  const key = { group: '', kind: 'Namespace', namespace: '', name };
  const live = liveOf(key);
  const metadata = spec.syncPolicy?.managedNamespaceMetadata;
  if (live && !own && !metadata) return tasks;
  const target = namespaceOf(name, metadata);
  const rest = tasks.filter((task) => task !== own);
  const wave = Math.min(0, ...rest.map((task) => task.wave));
  return [{ key, phase: 'PreSync', wave, hook: false, target, live, madeFirst: true }, ...rest];
}

type Metadata = NonNullable<Application['spec']['syncPolicy']>['managedNamespaceMetadata'];

/** Labels and annotations are applied on the server's side, where what others have set stays. */
function namespaceOf(name: string, managed: Metadata): KubeObject {
  if (!managed) return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  const annotations = { ...managed.annotations, 'argocd.argoproj.io/sync-options': 'ServerSideApply=true' };
  const labels = managed.labels ? { labels: managed.labels } : {};
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...labels, annotations } };
}
