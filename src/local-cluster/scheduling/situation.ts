import type { KubeObject } from '../../objects/object.ts';
import type { Loads } from './load.ts';

export interface Reason {
  readonly text: string;
  /** Whether it could help that other Pods go. */
  readonly resolvable: boolean;
}

export interface PodVolumes {
  readonly bound: readonly KubeObject[];
  /** A claim waits for its Pod, and for somebody who makes its volume. */
  readonly isMissing: boolean;
}

/** What a Pod finds when a node is looked for. */
export interface Situation {
  readonly nodes: readonly KubeObject[];
  readonly loads: Loads;
  readonly volumes: PodVolumes;
  readonly namespaceLabels: (namespace: string) => Readonly<Record<string, string>>;
}
