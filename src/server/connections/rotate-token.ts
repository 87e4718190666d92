// A new token for the service account that a cluster was added with; the old one is deleted once the new one works.

import { HawserError } from '../../core/errors.ts';
import { isObject, textAt } from '../../core/json.ts';
import type { Clock } from '../../core/time.ts';
import type { ClusterSettings } from '../../model/cluster.ts';
import type { Cluster } from '../../objects/cluster.ts';
import { SECRET, textsOf } from './secrets.ts';

interface RotationPorts {
  readonly clock: Clock;
  readonly clusters: {
    /** The cluster that the settings lead to. */
    connect(cluster: ClusterSettings): Cluster;
    /** Throws where it cannot be reached. */
    test(cluster: ClusterSettings): Promise<void>;
  };
}

/** `save` keeps the new token. Answers it. */
export async function rotateToken(
  { clock, clusters }: RotationPorts,
  cluster: ClusterSettings,
  save: (token: string) => Promise<void>,
): Promise<string> {
  const claims = claimsOf(cluster.config?.bearerToken ?? '');
  const remote = clusters.connect(cluster);
  const created = await remote.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      generateName: `${claims.account}-token-`,
      namespace: claims.namespace,
      annotations: { 'kubernetes.io/service-account.name': claims.account },
    },
    type: 'kubernetes.io/service-account-token',
  });
  const { name = '' } = created.metadata;
  const where = { ...SECRET, namespace: claims.namespace };
  try {
    const token = await tokenOf(remote, { ...where, name }, clock);
    await clusters.test({ ...cluster, config: { ...cluster.config, bearerToken: token } });
    await save(token);
    if (claims.secret !== '') await remote.delete({ ...where, name: claims.secret }).catch(() => undefined);
    return token;
  } catch (thrown) {
    await remote.delete({ ...where, name }).catch(() => undefined);
    throw thrown;
  }
}

const PAUSE_MS = 250;
const LONGEST_MS = 30_000;

/** The cluster fills in the token when it has seen the Secret. */
async function tokenOf(cluster: Cluster, where: Parameters<Cluster['get']>[0], clock: Clock): Promise<string> {
  const end = clock.now() + LONGEST_MS;
  for (;;) {
    const secret = await cluster.get(where);
    const token = secret && textsOf(secret)['token'];
    if (token) return token;
    if (clock.now() > end)
      throw new HawserError('timed-out', `the cluster put no token into Secret '${where.name}' within 30s`, {
        details: { grpc: 2 },
      });
    await clock.sleep(PAUSE_MS);
  }
}

interface Claims {
  readonly namespace: string;
  readonly account: string;
  readonly secret: string;
}

const CLAIM = 'kubernetes.io/serviceaccount';

/** Who a token is for, by what it says itself: only the cluster can tell whether it is valid. */
function claimsOf(token: string): Claims {
  const parts = token.split('.');
  if (parts.length !== 3) throw unreadable('token is malformed: token contains an invalid number of segments');
  const payload = decoded(parts[1] ?? '');
  const account = textAt(payload, `${CLAIM}/service-account.name`);
  const namespace = textAt(payload, `${CLAIM}/namespace`);
  if (account === '' || namespace === '') throw unreadable('it is not the token of a service account');
  return { account, namespace, secret: textAt(payload, `${CLAIM}/secret.name`) };
}

function decoded(part: string): unknown {
  try {
    const payload: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return isObject(payload) ? payload : {};
  } catch {
    throw unreadable('token is malformed: could not JSON decode claim');
  }
}

const unreadable = (why: string): HawserError =>
  new HawserError('invalid', `failed to parse service account token: failed to parse service account token: ${why}`, {
    details: { grpc: 2 },
    hint: 'only a cluster that was added with a token of a service account has one to renew',
  });
