// What a deletion of an application with its resources leaves alone.

import { annotationsOf, isKubeObject, type KubeObject } from '../objects/object.ts';
import type { ManagedResource } from './resource.ts';

const SYNC_OPTIONS_ANNOTATION = 'argocd.argoproj.io/sync-options';

/** The sync options that a resource has of its own. */
export function ownSyncOptions(object: KubeObject): readonly string[] {
  return (annotationsOf(object)[SYNC_OPTIONS_ANNOTATION] ?? '').split(',').map((part) => part.trim());
}

/** A definition may serve others; what says so itself, or by the application's options, is kept. */
export function staysOnDeletion(object: KubeObject, appOptions: readonly string[]): boolean {
  if (object.kind === 'CustomResourceDefinition') return true;
  if (annotationsOf(object)['helm.sh/resource-policy'] === 'keep') return true;
  return [...appOptions, ...ownSyncOptions(object)].includes('Delete=false');
}

/** What is there of a managed resource; undefined when it is only wanted. */
export function liveObject({ liveState }: ManagedResource): KubeObject | undefined {
  const parsed: unknown = JSON.parse(liveState || 'null');
  return isKubeObject(parsed) ? parsed : undefined;
}
