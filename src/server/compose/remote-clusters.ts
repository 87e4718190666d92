// A registered cluster as it is spoken to: by the token, certificates and proxy of its Secret.

import { HawserError } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { proxyFor } from '../../core/proxy.ts';
import { createKubeCluster } from '../../kubernetes/cluster.ts';
import { createHttpTransport, type HttpKubeTransport, type KubeEndpoint } from '../../kubernetes/http.ts';
import type { ClusterSettings } from '../../model/cluster.ts';
import type { Cluster } from '../../objects/cluster.ts';

export interface RemoteCluster {
  readonly cluster: Cluster;
  /** Ends the connections that are kept open. */
  close(): void;
}

export function connectCluster(settings: ClusterSettings, environment: NodeJS.ProcessEnv): RemoteCluster {
  const { transport, close } = transportTo(settings, environment);
  return { cluster: createKubeCluster(transport, { userAgent: 'argocd-controller' }), close };
}

function transportTo(settings: ClusterSettings, environment: NodeJS.ProcessEnv): HttpKubeTransport {
  const refusal = refusalOf(settings);
  if (!refusal) return createHttpTransport(endpointOf(settings, environment));
  return { transport: () => Promise.reject(refusal), close: () => undefined };
}

/** A login by a program would run whatever the Secret names, with the rights of the server. */
function refusalOf({ name, config = {} }: ClusterSettings): HawserError | undefined {
  const way = config.execProviderConfig
    ? 'a program (execProviderConfig)'
    : config.awsAuthConfig
      ? 'AWS (awsAuthConfig)'
      : '';
  if (way === '') return undefined;
  return new HawserError('not-implemented', `cluster '${name}' logs in by ${way}, which Hawser does not do`, {
    hint: 'give it the token of a service account: hawser cluster add CONTEXT --upsert',
  });
}

function endpointOf({ server = '', config = {} }: ClusterSettings, environment: NodeJS.ProcessEnv): KubeEndpoint {
  const { tlsClientConfig: tls = {}, bearerToken, username, password = '', proxyUrl } = config;
  return {
    server,
    insecure: tls.insecure ?? false,
    ...omitUndefined({
      ca: pem(tls.caData),
      clientCert: pem(tls.certData),
      clientKey: pem(tls.keyData),
      serverName: tls.serverName || undefined,
      token: bearerToken ? async () => bearerToken : undefined,
      basic: username ? { username, password } : undefined,
      proxy: proxyUrl || proxyFor(server, environment),
    }),
  };
}

const pem = (base64: string | undefined): Buffer | undefined => (base64 ? Buffer.from(base64, 'base64') : undefined);
