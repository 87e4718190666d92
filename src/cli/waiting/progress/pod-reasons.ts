import type { ResourceNode } from '../../../model/resource.ts';
import { type ResourceState, stateKey } from '../../../render/states.ts';
import { blamedNode } from '../../causes/blame.ts';

/** What a Pod says on its way to a healthy start. */
const STARTING: readonly string[] = ['', 'Running', 'Pending', 'ContainerCreating', 'PodInitializing', 'Completed'];

/** More rows than a window has. */
const MOST = 100;

/** Why the Pods below resources do not run, as the resource tree tells it: 'ImagePullBackOff registry.example.com/web:1.0'. */
export function podReasons(
  states: readonly ResourceState[],
  nodes: readonly ResourceNode[],
): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  const open = states.filter(({ health }) => health === 'Progressing' || health === 'Degraded');
  for (const state of open.slice(0, MOST)) {
    const node = blamedNode(state, nodes, undefined);
    if (node?.kind !== 'Pod') continue;
    const reason = node.info?.find(({ name }) => name === 'Status Reason')?.value ?? '';
    if (STARTING.includes(reason)) continue;
    const image = /Image/.test(reason) ? (node.images?.[0] ?? '') : '';
    reasons.set(stateKey(state), [reason, image].filter(Boolean).join(' '));
  }
  return reasons;
}
