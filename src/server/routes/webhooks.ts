// Deliveries of Git hosts: checked and answered at once, worked off behind.

import {
  type ExplainDelivery,
  type ExplainedDelivery,
  explainDelivery,
  listDeliveries,
  receiveWebhook,
  refusedWebhooks,
  replayDelivery,
} from '../../api/webhooks.ts';
import { HawserError } from '../../core/errors.ts';
import { textAt } from '../../core/json.ts';
import { qualifiedName } from '../../model/application.ts';
import { verdictOfAll } from '../../webhooks/affected.ts';
import { type Delivery, readDelivery, UNREADABLE } from '../../webhooks/delivery.ts';
import { subjectsOf } from '../../webhooks/event.ts';
import type { SecretOf } from '../../webhooks/providers.ts';
import type { SignedDelivery } from '../../webhooks/signature.ts';
import { bytes, plainText } from '../http/answers.ts';
import { type Route, rawRoute, route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';
import { createDeliveries, type Deliveries } from './webhooks/deliveries.ts';
import { createDeliveryStore } from './webhooks/delivery-store.ts';
import { listApplications, refreshTouched } from './webhooks/touched.ts';

const FULL = plainText(503, 'Queue is full, discarding webhook payload');
const ACCEPTED = bytes(new Uint8Array(), { type: 'text/plain; charset=utf-8' });

export function webhookRoutes(ports: ServerPorts): Route[] {
  const deliveries = createDeliveries({
    clock: ports.clock,
    store: createDeliveryStore(ports),
    work: (events) => refreshTouched(ports, events),
  });
  return [
    rawRoute(
      receiveWebhook,
      async (_input, { headers, bytes: body }) => {
        const delivery = { headers, body };
        const [secretOf] = await Promise.all([secretsOf(ports), deliveries.ready()]);
        const read = readDelivery(delivery, secretOf);
        if ('events' in read) return deliveries.take(delivery, read) ? ACCEPTED : FULL;
        deliveries.refuse(delivery, read);
        return plainText(read.status, read.text);
      },
      { tooLong: plainText(400, UNREADABLE) },
    ),
    ...refusedWebhooks.map((endpoint) => rawRoute(endpoint, async () => plainText(405, 'Webhook processing failed'))),
    route(listDeliveries, async () => {
      await deliveries.ready();
      return { items: deliveries.list() };
    }),
    route(replayDelivery, async ({ number }) => {
      const { headers, body } = await deliveryOf(deliveries, number);
      // It was checked when it came, and is not one more try of its sender.
      const taken = deliveries.take({ headers, body }, { ...readAnyway({ headers, body }), id: '' });
      if (taken) return taken;
      throw new HawserError('too-many-requests', 'too many deliveries wait already');
    }),
    route(explainDelivery, (query) => explain(ports, deliveries, query)),
  ];
}

async function secretsOf({ home, namespace }: ServerPorts): Promise<SecretOf> {
  const secret = await home.get({ group: '', version: 'v1', kind: 'Secret', namespace, name: 'argocd-secret' });
  return (key) => Buffer.from(textAt(secret, 'data', key), 'base64').toString();
}

async function deliveryOf(deliveries: Deliveries, number: number): Promise<SignedDelivery> {
  await deliveries.ready();
  const delivery = await deliveries.payload(number);
  if (delivery) return delivery;
  throw new HawserError(
    'not-found',
    `the payload of delivery ${number} is not kept: it was too long, or too long ago`,
    {
      hint: 'hawser webhook explain --payload FILE',
    },
  );
}

/** Read for somebody who may see it, signed or not. */
function readAnyway(delivery: SignedDelivery): Delivery {
  const read = readDelivery(delivery, () => '');
  if ('events' in read) return read;
  throw new HawserError('invalid', `this is no delivery: ${read.cause}`, {
    hint: 'name the sender: --provider github, gitlab, gogs, bitbucket, bitbucket-server, azure-devops or ghcr',
  });
}

async function explain(
  ports: ServerPorts,
  deliveries: Deliveries,
  { number, headers = {}, payload = '' }: ExplainDelivery,
): Promise<ExplainedDelivery> {
  const delivery =
    number === undefined ? { headers, body: Buffer.from(payload) } : await deliveryOf(deliveries, number);
  const { provider, event, events } = readAnyway(delivery);
  const verdicts = (await listApplications(ports)).map((app) => {
    const { refreshes, why } = verdictOfAll(app, events);
    return { application: qualifiedName(app), refreshes, why };
  });
  return { provider, event, ...subjectsOf(events), verdicts };
}
