import type { KubeObject } from '../../objects/object.ts';
import type { Loads } from './load.ts';
import type { PodVolumes } from './volumes.ts';

export interface Reason {
  readonly text: string;
  /** Whether it could help that other Pods go. */
  readonly resolvable: boolean;
}

/** What a Pod finds when a node is looked for. */
export interface Situation {
  readonly nodes: readonly KubeObject[];
  readonly loads: Loads;
  readonly volumes: PodVolumes;
  readonly namespaceLabels: (namespace: string) => Readonly<Record<string, string>>;
}
