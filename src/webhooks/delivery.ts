// A delivery taken in: who sent it, whether that is proved, and what it says.

import { HawserError } from '../core/errors.ts';
import { type Json, parseJson, textAt } from '../core/json.ts';
import type { WebhookEvent } from './event.ts';
import { type Provider, providerOf, type SecretOf } from './providers.ts';
import type { SignedDelivery } from './signature.ts';

export interface Delivery {
  readonly provider: string;
  readonly event: string;
  /** The sender's number of it; '' where it has none. */
  readonly id: string;
  readonly events: readonly WebhookEvent[];
}

/** The status and the text that the reference answers with. */
export type Refusal = { readonly status: 400 | 401; readonly text: string; readonly cause: string };

const FAILED = 'Webhook processing failed';
/** Of a body that is empty, or longer than anybody sends. */
export const UNREADABLE = `${FAILED}: payload must be valid JSON under 50 MB`;

/** Checks and reads a delivery; a refusal where it is not one. */
export function readDelivery(delivery: SignedDelivery, secretOf: SecretOf): Delivery | Refusal {
  const { headers, body } = delivery;
  const provider = providerOf(headers);
  if (!provider) return { status: 400, text: 'Unknown webhook event', cause: 'no header names a known sender' };
  const named = provider.event(headers);
  if (named !== undefined && !Object.hasOwn(provider.events, named))
    return refusal(`${provider.name} sends events of other kinds: ${Object.keys(provider.events).join(', ')}`);
  if (body.length === 0) return { status: 400, text: UNREADABLE, cause: 'the body is empty' };
  if (!provider.verify(delivery, secretOf))
    return { status: provider.refusal, text: FAILED, cause: 'the signature is not the one of the secret' };
  try {
    const payload = parseJson(Buffer.from(body).toString('utf8'));
    return {
      provider: provider.name,
      id: headers[provider.deliveryHeader] ?? '',
      ...eventsOf(provider, payload, named),
    };
  } catch (thrown) {
    return refusal(thrown instanceof HawserError ? thrown.message : 'the body is no JSON');
  }
}

const refusal = (cause: string): Refusal => ({ status: 400, text: FAILED, cause });

/** Throws `invalid` for an event that the payload names and nobody knows. */
function eventsOf(provider: Provider, payload: Json, named: string | undefined): Pick<Delivery, 'event' | 'events'> {
  const event = named ?? textAt(payload, 'eventType');
  const read = Object.hasOwn(provider.events, event) ? provider.events[event] : undefined;
  if (!read) throw new HawserError('invalid', `${provider.name} sends '${event}', which is not handled`);
  return { event, events: read(payload) };
}
