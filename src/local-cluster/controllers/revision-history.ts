// ControllerRevisions: the templates that StatefulSets and DaemonSets have had, for `kubectl rollout history` and `undo`.

import { at, type JsonObject, numberAt, objectAt } from '../../core/json.ts';
import { annotationsOf, type KubeObject } from '../../objects/object.ts';
import { adopt, ownedBy, ownerReference, type ReconcilerClient } from './reconciler.ts';
import { templateHash, textsOf } from './template.ts';

export const REVISIONS = 'apps/controllerrevisions';

/** The hash of the present template. Its revision is recorded where it is new; one that comes back is the newest again. */
export async function keepRevision(
  client: ReconcilerClient,
  owner: KubeObject,
  hashLabel: string,
): Promise<{ readonly name: string; readonly hash: string }> {
  await adopt(client, REVISIONS, owner);
  const template = objectAt(owner, 'spec', 'template');
  const hash = templateHash(template);
  const name = `${owner.metadata.name ?? ''}-${hash}`;
  const namespace = owner.metadata.namespace ?? '';
  const newest = Math.max(0, ...ownedBy(client, REVISIONS, owner).map(numberOf));
  const known = client.get(REVISIONS, namespace, name);
  if (known) {
    if (numberOf(known) < newest) await client.update(REVISIONS, known, { ...known, revision: newest + 1 });
    return { name, hash };
  }
  const annotations = annotationsOf(owner);
  await client.create(REVISIONS, {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name,
      namespace,
      labels: { ...textsOf(at(template, 'metadata', 'labels')), [hashLabel]: hash },
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      ownerReferences: [ownerReference(owner)],
    },
    data: { spec: { template: { ...template, $patch: 'replace' } } },
    revision: newest + 1,
  });
  return { name, hash };
}

const numberOf = (revision: KubeObject): number => numberAt(revision, 'revision') ?? 0;

/** The template that a revision has recorded; undefined where it is not there any more. */
export function recordedTemplate(client: ReconcilerClient, namespace: string, name: string): JsonObject | undefined {
  const revision = client.get(REVISIONS, namespace, name);
  if (!revision) return undefined;
  const { $patch: _patch, ...template } = objectAt(revision, 'data', 'spec', 'template');
  return template;
}

/** Ends the oldest of those that nobody uses, where there are more than the owner keeps. */
export async function dropRevisions(
  client: ReconcilerClient,
  owner: KubeObject,
  isUsed: (revision: KubeObject) => boolean,
): Promise<void> {
  const limit = numberAt(owner, 'spec', 'revisionHistoryLimit') ?? 10;
  const idle = ownedBy(client, REVISIONS, owner).filter((revision) => !isUsed(revision));
  if (idle.length <= limit) return;
  const oldest = idle.sort((a, b) => numberOf(a) - numberOf(b)).slice(0, idle.length - limit);
  await Promise.all(oldest.map((revision) => client.remove(REVISIONS, revision)));
}
