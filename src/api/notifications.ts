// The names of what notifications are made of, for whoever may log in.

import { anything, list, type Of, object, optional, text } from '../core/shape.ts';
import type { Endpoint } from './endpoint.ts';

const named = object({ items: optional(list(object({ name: text }))) });

export interface NamedItems extends Of<typeof named> {}

const listOf = (noun: string): Endpoint<unknown, NamedItems> => ({
  method: 'GET',
  path: `/api/v1/notifications/${noun}`,
  right: 'session',
  input: anything,
  output: named,
});

export const listTriggers = listOf('triggers');
export const listServices = listOf('services');
export const listTemplates = listOf('templates');
