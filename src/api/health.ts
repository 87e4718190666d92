import { anything } from '../core/shape.ts';
import type { Endpoint } from './endpoint.ts';

/** For liveness probes: a text. */
export const getHealth: Endpoint<unknown, unknown> = {
  method: 'GET',
  path: '/healthz',
  right: 'open',
  input: anything,
  output: anything,
};
