// What the containers of a Pod ask for together.

import { type Json, type JsonObject, listAt, objectAt, textAt } from '../core/json.ts';
import { compareQuantities, sumQuantities } from './quantity.ts';

/** How much the containers of a Pod have together, or an init container while it runs. */
export function aggregate(spec: JsonObject, part: 'requests' | 'limits', name: string): string {
  const of = (one: Json): string => String(objectAt(one, 'resources', part)[name] ?? '0');
  const inits = listAt(spec, 'initContainers');
  const isSidecar = (one: Json): boolean => textAt(one, 'restartPolicy') === 'Always';
  const sidecars = (before: number): string[] => inits.slice(0, before).filter(isSidecar).map(of);
  const together = sumQuantities([...listAt(spec, 'containers').map(of), ...sidecars(inits.length)]);
  return inits
    .map((one, index) => sumQuantities([of(one), ...sidecars(index)]))
    .reduce((most, next) => (compareQuantities(next, most) > 0 ? next : most), together);
}
