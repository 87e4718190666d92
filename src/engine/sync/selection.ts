import type { SyncOperationResource } from '../../model/operation.ts';
import type { ObjectKey } from '../../objects/object.ts';

/** Whether an operation is about a resource: group, kind and name must be equal; one without a namespace means every one. */
export function isSelected(key: ObjectKey, resources: readonly SyncOperationResource[] | undefined): boolean {
  if (!resources || resources.length === 0) return true;
  return resources.some(
    (selector) =>
      (selector.group ?? '') === key.group &&
      selector.kind === key.kind &&
      selector.name === key.name &&
      (!selector.namespace || selector.namespace === key.namespace),
  );
}
