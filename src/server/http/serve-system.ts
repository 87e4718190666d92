// The port of a system that many people share: which names it answers to, and its certificate, as both are now.

import { hostname } from 'node:os';
import type { System } from '../system.ts';
import { type CertificateFiles, certificateFiles } from './certificate-source.ts';
import { namesOf, refuseForeign } from './host-guard.ts';
import { type Port, type PortAddress, serveApi } from './port.ts';

export interface ServingOptions {
  readonly address: PortAddress;
  /** Plain HTTP only. */
  readonly insecure: boolean;
  /** Names beside those of this machine and of the settings. */
  readonly hosts: readonly string[];
  readonly tls?: CertificateFiles | undefined;
  readonly log: (message: string) => void;
}

/** How the Service of an installation is called in its cluster. */
const IN_CLUSTER = [
  'argocd-server',
  'argocd-server.argocd',
  'argocd-server.argocd.svc',
  'argocd-server.argocd.svc.cluster.local',
];

export async function serveSystem(system: System, options: ServingOptions): Promise<Port> {
  const { address, insecure, hosts, tls, log } = options;
  const source = tls ? certificateFiles(tls, log) : system.certificates;
  await system.prepare();
  const certificate = insecure ? undefined : await source.current();
  const fixed = [address.host, hostname(), ...IN_CLUSTER, ...hosts].map((name) => name.toLowerCase());
  const namesNow = memo(system.addresses, (addresses) => [...fixed, ...namesOf(addresses)]);
  const port = await serveApi(address, {
    api: system.guarded,
    ...(certificate ? { tls: certificate } : {}),
    guard: (head) => refuseForeign(head, namesNow()),
  });
  if (insecure) return port;
  const stop = source.follow((next) => port.renew(next));
  return {
    ...port,
    close: (graceMs) => {
      stop();
      return port.close(graceMs);
    },
  };
}

/** What a value makes, made again when there is another value. */
function memo<T, U>(value: () => T, make: (value: T) => U): () => U {
  let last: { readonly of: T; readonly made: U } | undefined;
  return () => {
    const now = value();
    if (last?.of !== now) last = { of: now, made: make(now) };
    return last.made;
  };
}
