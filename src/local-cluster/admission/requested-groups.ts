// Nobody becomes a master of the cluster by a certificate.

import { textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Kind } from '../kinds.ts';
import { ATTRIBUTE, requestOf } from '../signing/request.ts';
import { CLIENTS } from '../signing/signers.ts';
import { forbidden } from '../status.ts';

const MASTERS = 'system:masters';

export function checkGroups(kind: Kind, object: KubeObject): void {
  if (textAt(object, 'spec', 'signerName') !== CLIENTS) return;
  const groups = requestOf(object)?.subject.get(ATTRIBUTE.organization) ?? [];
  if (!groups.includes(MASTERS)) return;
  throw forbidden(kind, object.metadata.name ?? '', `use of ${CLIENTS} signer with ${MASTERS} group is not allowed`);
}
