import type { SyncTask } from '../../engine/sync/tasks.ts';
import type { Application } from '../../model/application.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { PassContext } from './pass.ts';

/**
 * With CreateNamespace=true the destination's namespace is made first when it is not there, or is given its metadata.
 * It is not stamped with the application, so it is never pruned.
 */
export async function withNamespace(tasks: SyncTask[], app: Application, context: PassContext): Promise<SyncTask[]> {
  const name = app.spec.destination.namespace ?? '';
  if (name === '' || !context.syncOptions.includes('CreateNamespace=true')) return tasks;
  if (tasks.some((task) => task.key.group === '' && task.key.kind === 'Namespace' && task.key.name === name))
    return tasks;
  const key = { group: '', kind: 'Namespace', namespace: '', name };
  const live = context.destination.live.get(key);
  const { labels, annotations } = app.spec.syncPolicy?.managedNamespaceMetadata ?? {};
  if (live && !labels && !annotations) return tasks;
  const target: KubeObject = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) },
  };
  return [
    { key, phase: 'PreSync', wave: Math.min(0, ...tasks.map((task) => task.wave)), hook: false, target, live },
    ...tasks,
  ];
}
