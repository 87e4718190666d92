// A picture of a state, for pages elsewhere.

import { anything, flag, list, number, type Of, object, optional, text } from '../core/shape.ts';
import type { Endpoint } from './endpoint.ts';

const badgeInput = object({
  name: optional(text),
  namespace: optional(text),
  project: optional(list(text)),
  /** With the revision, seven characters of it. */
  revision: optional(flag),
  keepFullRevision: optional(flag),
  showAppName: optional(flag),
  /** Pixels. */
  width: optional(number),
});

export interface BadgeQuery extends Of<typeof badgeInput> {}

/** Shown to anybody, where `statusbadge.enabled` says so. */
export const getBadge: Endpoint<BadgeQuery, unknown> = {
  method: 'GET',
  path: '/api/badge',
  right: 'open',
  input: badgeInput,
  output: anything,
};
