// The scale of an object: its replicas, apart from the rest of it.

import { at, numberAt, textAt } from '../core/json.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { formatSelector } from '../objects/label-selector.ts';
import type { KubeObject } from '../objects/object.ts';
import type { Kind } from './kinds.ts';
import { scalePaths } from './scale-paths.ts';
import { ApiError } from './status.ts';

/** The replicas of an object as an object of their own; `otherwise` where it does not say how many. */
export function scaleOf(kind: Kind, object: KubeObject, otherwise?: number): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const paths = scalePaths(kind);
  const given = numberAt(object, ...paths.replicas) ?? otherwise;
  if (given === undefined && kind.custom) {
    const missing = `the spec replicas field ".${paths.replicas.join('.')}" does not exist`;
    throw new ApiError(500, 'InternalError', {
      message: `Internal error occurred: ${missing}`,
      details: { causes: [{ message: missing }] },
    });
  }
  const replicas = given ?? 0;
  const selector =
    paths.selector === undefined ? formatSelector(at(object, 'spec', 'selector')) : textAt(object, ...paths.selector);
  const metadata = omitUndefined({ name, namespace, uid, resourceVersion, creationTimestamp });
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata,
    spec: replicas === 0 ? {} : { replicas: replicas },
    status: { replicas: numberAt(object, ...paths.statusReplicas) ?? 0, ...(selector === '' ? {} : { selector }) },
  };
}
