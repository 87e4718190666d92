// What only the embedded system answers, and only through the socket in its data folder.

import { anything, number, type Of, object, optional, text } from '../core/shape.ts';
import type { Endpoint } from './endpoint.ts';

const kubernetesAccess = object({
  /** On loopback; absent when nothing listens. */
  port: optional(number),
  token: text,
  /** PEM. */
  certificateAuthority: text,
});

export interface KubernetesAccess extends Of<typeof kubernetesAccess> {}

/** What kind of process owns the data folder: the text 'command' or 'server'. A busy owner answers at once too. */
export const getOwner: Endpoint<unknown, unknown> = {
  method: 'GET',
  path: '/hawser/owner',
  right: 'local',
  input: anything,
  output: anything,
};

export const initialPassword: Endpoint<unknown, { readonly password?: string }> = {
  method: 'GET',
  path: '/hawser/initial-password',
  right: 'local',
  input: anything,
  output: object({ password: optional(text) }),
};

/** How to reach the Kubernetes API of the local cluster, if it listens. */
export const getKubernetesAccess: Endpoint<unknown, KubernetesAccess> = {
  method: 'GET',
  path: '/hawser/kubernetes',
  right: 'local',
  input: anything,
  output: kubernetesAccess,
};

/** The Kubernetes API listens on loopback while the client reads the stream; its one event says where. */
export const holdKubernetes: Endpoint<unknown, KubernetesAccess> = {
  method: 'GET',
  path: '/hawser/kubernetes/hold',
  right: 'local',
  input: anything,
  output: kubernetesAccess,
  stream: true,
};
