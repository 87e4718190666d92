// The port of the local cluster's Kubernetes API: opened on demand, with a token and a certificate of its own.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KubernetesAccess } from '../../api/local.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Clock } from '../../core/time.ts';
import type { Cluster } from '../../objects/cluster.ts';
import { apiToken } from '../auth/api-token.ts';
import { serverCertificate } from './certificate.ts';
import type { Port, PortAddress } from './port.ts';

export interface KubernetesPort {
  /** Without a port when nothing listens. */
  access(): Promise<KubernetesAccess>;
  /** Listens, unless it does already. */
  listen(address: PortAddress): Promise<KubernetesAccess>;
  /** The port that it listens on, if it does. */
  port(): Promise<number | undefined>;
  close(): Promise<void>;
}

export type KubernetesListener = (request: IncomingMessage, response: ServerResponse) => void;

interface Credentials {
  readonly token: string;
  readonly cert: string;
  readonly key: string;
}

export function createKubernetesPort(options: {
  readonly home: Cluster;
  readonly clock: Clock;
  readonly log: (message: string) => void;
  readonly listener: (token: string) => Promise<KubernetesListener>;
}): KubernetesPort {
  const { home, clock, log } = options;
  let open: Promise<Port> | undefined;
  let making: Promise<Credentials> | undefined;

  /** Whoever asks while they are made gets the same: two makers would be in each other's way. */
  function credentials(): Promise<Credentials> {
    making ??= makeCredentials().finally(() => {
      making = undefined;
    });
    return making;
  }

  async function makeCredentials(): Promise<Credentials> {
    const secret = { namespace: 'kube-system', name: 'hawser-api-certificate' };
    return { token: await apiToken(home), ...(await serverCertificate(home, secret, { now: clock.now(), log })) };
  }

  async function start(address: PortAddress): Promise<Port> {
    const [{ serveKubernetes }, { token, cert, key }] = await Promise.all([import('./port.ts'), credentials()]);
    // What the cluster signs for clients, it signs with this certificate.
    const clients = { ca: cert, requestCert: true, rejectUnauthorized: false };
    return serveKubernetes(address, await options.listener(token), { cert, key, ...clients });
  }

  async function access(): Promise<KubernetesAccess> {
    const { token, cert } = await credentials();
    const port = open && (await open).port;
    return { ...omitUndefined({ port }), token, certificateAuthority: cert };
  }

  return {
    access,
    listen: async (address) => {
      // What another caller asked for may not be had: that is no reason to refuse this one.
      await open?.catch(() => undefined);
      open ??= start(address);
      try {
        await open;
      } catch (thrown) {
        open = undefined;
        throw thrown;
      }
      return access();
    },
    port: async () => (await open?.catch(() => undefined))?.port,
    close: async () => {
      await (await open)?.close(0);
    },
  };
}
