import { anything } from '../core/shape.ts';
import type { Endpoint } from './endpoint.ts';

/** Whether the process answers at all: a text, for probes. */
export const getHealth: Endpoint<unknown, unknown> = {
  method: 'GET',
  path: '/healthz',
  right: 'open',
  input: anything,
  output: anything,
};
