// A write as policies see it, and where they are kept.

import type { KubeObject } from '../../objects/object.ts';
import type { WriteSettings } from '../api.ts';
import type { Kind } from '../kinds.ts';

export const POLICIES = 'admissionregistration.k8s.io/validatingadmissionpolicies';
export const BINDINGS = 'admissionregistration.k8s.io/validatingadmissionpolicybindings';

export interface PolicyWrite {
  readonly kind: Kind;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly object: KubeObject | undefined;
  readonly before: KubeObject | undefined;
  readonly settings: Pick<WriteSettings, 'user' | 'subresource' | 'dryRun' | 'manager' | 'warn'>;
}
