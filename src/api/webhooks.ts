// Webhooks: what Git hosts send, and, our own, what became of it.

import { anything, flag, list, number, type Of, object, optional, record, text } from '../core/shape.ts';
import type { Endpoint } from './endpoint.ts';
import type { ObjectRight } from './rights.ts';

const PATH = '/api/webhook';
const MAX_PAYLOAD = 50 * 1024 * 1024;

/** Takes any bytes: who sent them is told by their headers and proved by their signature. */
export const receiveWebhook: Endpoint<unknown, unknown> = {
  method: 'POST',
  path: PATH,
  right: 'open',
  input: anything,
  output: anything,
  maxBody: MAX_PAYLOAD,
};

/** What is no delivery. */
export const refusedWebhooks: readonly Endpoint<unknown, unknown>[] = (['GET', 'PUT', 'PATCH', 'DELETE'] as const).map(
  (method) => ({ ...receiveWebhook, method }),
);

/** Deliveries name repositories of every project. */
const everything: ObjectRight<unknown> = { resource: 'applications', action: 'get', object: () => '*/*' };

const webhookVerdict = object({
  application: text,
  refreshes: flag,
  why: text,
});

export const webhookDelivery = object({
  /** Counted from 1. */
  number,
  time: text,
  provider: text,
  event: text,
  /** The sender's own number. */
  id: optional(text),
  /** What the sender was answered with. */
  status: number,
  /** Why it was refused. */
  cause: optional(text),
  repositories: list(text),
  revisions: list(text),
  /** How many applications were refreshed; absent as long as it waits. */
  refreshed: optional(number),
});

export interface WebhookDelivery extends Of<typeof webhookDelivery> {}

export const listDeliveries: Endpoint<unknown, { readonly items?: readonly WebhookDelivery[] }> = {
  method: 'GET',
  path: '/api/hawser/webhooks',
  right: everything,
  input: anything,
  output: object({ items: optional(list(webhookDelivery)) }),
};

const numbered = object({ number });

export const replayDelivery: Endpoint<{ readonly number: number }, WebhookDelivery> = {
  method: 'POST',
  path: '/api/hawser/webhooks/{number}/replay',
  right: everything,
  input: numbered,
  output: webhookDelivery,
};

const explainInput = object({
  /** One that was received; else the payload. */
  number: optional(number),
  headers: optional(record(text)),
  payload: optional(text),
});

export interface ExplainDelivery extends Of<typeof explainInput> {}

const explained = object({
  provider: text,
  event: text,
  repositories: list(text),
  revisions: list(text),
  verdicts: list(webhookVerdict),
});

export interface ExplainedDelivery extends Of<typeof explained> {}

/** What a delivery would do, and why; nothing is refreshed. */
export const explainDelivery: Endpoint<ExplainDelivery, ExplainedDelivery> = {
  method: 'POST',
  path: '/api/hawser/webhooks/explain',
  right: everything,
  body: '*',
  input: explainInput,
  output: explained,
};
