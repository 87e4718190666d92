// Where a kind keeps what its scale subresource tells.

import { objectAt, textAt } from '../core/json.ts';
import type { Kind } from './kinds.ts';

export interface ScalePaths {
  readonly replicas: readonly string[];
  readonly statusReplicas: readonly string[];
  readonly selector: readonly string[] | undefined;
}

export function scalePaths(kind: Kind): ScalePaths {
  const custom = objectAt(kind.custom?.version, 'subresources', 'scale');
  const split = (text: string): string[] => text.split('.').filter((part) => part !== '');
  if (!kind.custom)
    return { replicas: ['spec', 'replicas'], statusReplicas: ['status', 'replicas'], selector: undefined };
  const selector = textAt(custom, 'labelSelectorPath');
  return {
    replicas: split(textAt(custom, 'specReplicasPath')),
    statusReplicas: split(textAt(custom, 'statusReplicasPath')),
    selector: selector === '' ? undefined : split(selector),
  };
}
