import type { Flag } from './flags.ts';

export const ADDRESS_FLAG = {
  name: 'address',
  type: 'string',
  default: '127.0.0.1',
  value: 'host',
  own: true,
  summary: 'address to listen on',
} as const satisfies Flag;

export const PORT_FLAG = {
  name: 'port',
  type: 'int',
  value: 'number',
  own: true,
  summary: 'port to listen on; 0 picks a free port',
} as const satisfies Flag;
