// Public keys, armoured in one ConfigMap by their ids.

import { createGpgKeys, deleteGpgKey, getGpgKey, listGpgKeys } from '../../api/gpg-keys.ts';
import { HawserError } from '../../core/errors.ts';
import type { GpgKey } from '../../model/gpg-key.ts';
import { createTextMap } from '../connections/config-maps.ts';
import { type Route, route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';

export const GPG_MAP = 'argocd-gpg-keys-cm';

/** The reference takes what is wrong with a key for an unknown failure. */
const unknown = (message: string): HawserError => new HawserError('invalid', message, { details: { grpc: 2 } });

export function gpgKeyRoutes({ home, namespace }: ServerPorts): Route[] {
  const map = createTextMap(home, { namespace, name: GPG_MAP });
  const readKeys = async (text: string): Promise<readonly GpgKey[]> =>
    (await import('../connections/openpgp.ts')).readPublicKeys(text);
  const list = async (): Promise<readonly GpgKey[]> => {
    const texts = Object.values(await map.read());
    const keys = await Promise.all(texts.map(readKeys));
    return keys.flat().sort((a, b) => ((a.keyID ?? '') < (b.keyID ?? '') ? -1 : 1));
  };
  return [
    route(listGpgKeys, async ({ keyID = '' }) => {
      const keys = await list();
      return { metadata: {}, items: keys.filter((key) => keyID === '' || key.keyID === keyID).map(withoutData) };
    }),
    route(getGpgKey, async ({ keyID }) => {
      const id = shortId(keyID);
      const key = (await list()).find((one) => one.keyID === id);
      if (!key) throw unknown(`no such key: ${keyID}`);
      return key;
    }),
    route(createGpgKeys, async ({ publickey, upsert = false }) => {
      const keys = await readKeys(publickey.keyData ?? '');
      if ((publickey.keyData ?? '').trim() === '') throw new HawserError('invalid', 'submitted key is empty');
      if (keys.length === 0) throw unknown('error validating PGP keys from input: there is no public key in it');
      return map.change((texts) => {
        const isNew = ({ keyID = '' }: GpgKey): boolean => upsert || texts[keyID] === undefined;
        const created = keys.filter(isNew);
        const skipped = keys.filter((key) => !isNew(key)).map(({ keyID = '' }) => keyID);
        const result = {
          created: { metadata: {}, items: created.map(withoutData) },
          ...(skipped.length > 0 ? { skipped } : {}),
        };
        return { texts: Object.fromEntries(created.map(({ keyID = '', keyData = '' }) => [keyID, keyData])), result };
      });
    }),
    route(deleteGpgKey, async ({ keyID = '' }) => {
      if (keyID === '') throw unknown('key ID must be set');
      const id = shortId(keyID);
      return map.change((texts) => {
        if (texts[id] === undefined) throw unknown(`no such key configured: ${keyID}`);
        return { texts: { [id]: undefined }, result: {} };
      });
    }),
  ];
}

function withoutData({ keyData: _keyData, ...facts }: GpgKey): GpgKey {
  return facts;
}

/** A fingerprint ends with the id. */
function shortId(id: string): string {
  if (/^([\dA-Fa-f]{16}|[\dA-Fa-f]{40})$/.test(id)) return id.slice(-16).toUpperCase();
  throw unknown(`'${id}' is not a valid GnuPG key ID`);
}
