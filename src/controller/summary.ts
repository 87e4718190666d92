// What an application says of itself in few words: the images that run, and where it is reached.

import { externalUrlsOf } from '../engine/resource/networking.ts';
import { imagesOf, isPod, type KubeObject } from '../objects/object.ts';
import type { Destination } from './ports.ts';

export interface Summary {
  readonly images: readonly string[];
  readonly externalURLs: readonly string[];
}

/** Of live objects and all that they own, each word once, sorted. */
export function summaryOf(destination: Destination, live: readonly KubeObject[]): Summary {
  const owned = live.flatMap((object) => withOwned(destination, object));
  return {
    images: [...new Set(owned.filter(isPod).flatMap(imagesOf))].sort(),
    externalURLs: [...new Set(owned.flatMap(externalUrlsOf))].sort(),
  };
}

function withOwned({ live }: Destination, object: KubeObject): KubeObject[] {
  const children = [...live.ownedBy(object.metadata.uid ?? '')];
  return [object, ...children.flatMap((child) => [child, ...live.ownedBy(child.metadata.uid ?? '')])];
}
