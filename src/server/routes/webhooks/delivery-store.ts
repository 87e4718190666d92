// What is kept of deliveries when the server ends: what became of each, among the objects of the system; what was sent, in its
// cache, from where it may vanish.

import { type WebhookDelivery, webhookDelivery } from '../../../api/webhooks.ts';
import { HawserError } from '../../../core/errors.ts';
import { isObject, parseJson, textAt } from '../../../core/json.ts';
import { fits, list } from '../../../core/shape.ts';
import type { SignedDelivery } from '../../../webhooks/signature.ts';
import type { ServerPorts } from '../../ports.ts';

export interface DeliveryStore {
  /** The oldest first. */
  load(): Promise<readonly WebhookDelivery[]>;
  save(records: readonly WebhookDelivery[]): Promise<void>;
  savePayload(number: number, delivery: SignedDelivery): Promise<void>;
  payload(number: number): Promise<SignedDelivery | undefined>;
}

const NAME = 'hawser-webhook-deliveries';
const KEY = 'deliveries.json';
const PAYLOAD_TTL_MS = 30 * 24 * 3600_000;
/** What proves who sent it is for the one time that it comes. */
const PROOF = /token|signature|authorization|cookie|secret/i;

export function createDeliveryStore({
  home,
  namespace,
  cache,
}: Pick<ServerPorts, 'home' | 'namespace' | 'cache'>): DeliveryStore {
  const reference = { group: '', version: 'v1', kind: 'ConfigMap', namespace, name: NAME };
  return {
    load: async () => readRecords(textAt(await home.get(reference), 'data', KEY)),
    save: async (records) => {
      const data = { [KEY]: JSON.stringify(records) };
      await home.patch(reference, { type: 'merge', body: { data } }).catch(async (thrown: unknown) => {
        if (!(thrown instanceof HawserError) || thrown.code !== 'not-found') throw thrown;
        await home.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: NAME, namespace }, data });
      });
    },
    savePayload: async (number, { headers, body }) => {
      const rest = Object.fromEntries(Object.entries(headers).filter(([name]) => !PROOF.test(name)));
      const text = JSON.stringify({ headers: rest, body: Buffer.from(body).toString('base64') });
      await cache.set(keyOf(number), text, PAYLOAD_TTL_MS);
    },
    payload: async (number) => readPayload(await cache.get(keyOf(number))),
  };
}

const keyOf = (number: number): string => `webhook|${number}`;

/** What somebody damaged is none. */
function readRecords(text: string): readonly WebhookDelivery[] {
  try {
    const records = parseJson(text || '[]');
    return fits(list(webhookDelivery), records) ? records : [];
  } catch {
    return [];
  }
}

function readPayload(text: string | undefined): SignedDelivery | undefined {
  const value = text === undefined ? undefined : parseJson(text);
  if (!isObject(value) || !isObject(value['headers'])) return undefined;
  const { headers } = value;
  const texts = Object.fromEntries(Object.keys(headers).map((name) => [name, textAt(headers, name)]));
  return { headers: texts, body: Buffer.from(textAt(value, 'body'), 'base64') };
}
