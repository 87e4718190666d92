// A public key that commits may be signed with.

import { anything, list, type Of, object, optional, text } from '../core/shape.ts';

export const gpgKey = object({
  /** 16 hexadecimal digits. */
  keyID: optional(text),
  fingerprint: optional(text),
  owner: optional(text),
  trust: optional(text),
  subType: optional(text),
  /** Armoured; only of one key that was asked for. */
  keyData: optional(text),
});

export interface GpgKey extends Of<typeof gpgKey> {}

export const gpgKeyList = object({ items: optional(list(gpgKey)), metadata: anything });
