import { randomBytes } from 'node:crypto';
import { textAt } from '../../core/json.ts';
import type { Cluster } from '../../objects/cluster.ts';

const SECRET = { namespace: 'kube-system', name: 'hawser-api-token' } as const;

/** The token that lets kubectl into the local cluster: made once, kept in the cluster itself. */
export async function apiToken(home: Cluster): Promise<string> {
  const secret = await home.get({ group: '', version: 'v1', kind: 'Secret', ...SECRET });
  const existing = Buffer.from(textAt(secret, 'data', 'token'), 'base64').toString();
  if (existing !== '') return existing;
  const token = randomBytes(24).toString('hex');
  const data = { token: Buffer.from(token).toString('base64') };
  await home.create({ apiVersion: 'v1', kind: 'Secret', metadata: { ...SECRET }, type: 'Opaque', data });
  return token;
}
