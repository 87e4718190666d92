// A running system, as those who keep its data folder and its ports know it.

import type { CertificateSource } from './http/certificate-source.ts';
import type { Api } from './http/dispatch.ts';
import type { KubernetesPort } from './http/kubernetes-port.ts';

export interface System {
  /** For a caller who reached the process by its own memory or its socket: trusted as admin. */
  readonly trusted: Api;
  /** For a caller who comes by a port: a session is needed. */
  readonly guarded: Api;
  /** The port of the local cluster's Kubernetes API. */
  readonly kubernetes: KubernetesPort;
  /** Sets the controllers to work. */
  run(): Promise<void>;
  /** Resolves when everything that the calls caused has ended. */
  settle(): Promise<void>;
  close(): Promise<void>;
  /** Makes what a port needs: the first password, the key of sessions. */
  prepare(): Promise<void>;
  /** For TLS on a port of the API. */
  readonly certificates: CertificateSource;
  /** Where people reach it, as its settings say. */
  addresses(): readonly string[];
  /** Tells that the API is to be had at an address as well. */
  listensOn(url: string): void;
  readonly warnings: readonly string[];
}
