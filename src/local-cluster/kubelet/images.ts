// Which images a node has: what a container has run of need not be pulled again. Sizes and times are made up, the same for an image
// each time.

import { listAt, textAt } from '../../core/json.ts';
import { formatDuration } from '../../core/time.ts';
import type { ReconcilerClient } from '../controllers/reconciler.ts';

export interface ImagesOfNode {
  has(image: string): boolean;
  add(image: string): void;
}

export interface Images {
  on(client: ReconcilerClient, node: string): ImagesOfNode;
}

export function createImages(): Images {
  let nodes: Map<string, Set<string>> | undefined;
  return {
    on: (client, node) => {
      nodes ??= imagesIn(client);
      const images = nodes.get(node) ?? new Set<string>();
      nodes.set(node, images);
      return { has: (image) => images.has(image), add: (image) => images.add(image) };
    },
  };
}

/** By node: of every container that has run. */
function imagesIn(client: ReconcilerClient): Map<string, Set<string>> {
  const nodes = new Map<string, Set<string>>();
  for (const pod of client.list('/pods')) {
    const node = textAt(pod, 'spec', 'nodeName');
    const images = nodes.get(node) ?? new Set<string>();
    nodes.set(node, images);
    for (const field of ['initContainerStatuses', 'containerStatuses']) {
      for (const status of listAt(pod, 'status', field)) {
        if (textAt(status, 'containerID') !== '') images.add(textAt(status, 'image'));
      }
    }
  }
  return nodes;
}

const SMALLEST_BYTES = 3_000_000;
const SPREAD_BYTES = 197_000_000;
const BYTES_PER_MS = 800_000;

/** How large an image is, and how long its pull takes. */
export function pullOfImage(image: string): { readonly bytes: number; readonly took: string } {
  let sum = 7;
  for (const character of image) sum = (sum * 31 + character.charCodeAt(0)) % SPREAD_BYTES;
  const bytes = SMALLEST_BYTES + sum;
  return { bytes, took: formatDuration(Math.round(bytes / BYTES_PER_MS)) };
}
