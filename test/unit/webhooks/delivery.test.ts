import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  createDeliveries,
  type Deliveries,
  type DeliveryOptions,
} from '../../../src/server/routes/webhooks/deliveries.ts';
import type { DeliveryStore } from '../../../src/server/routes/webhooks/delivery-store.ts';
import { readDelivery } from '../../../src/webhooks/delivery.ts';
import type { SignedDelivery } from '../../../src/webhooks/signature.ts';
import { stillClock } from '../../support/hawser.ts';

const BODY = Buffer.from('{"ref":"refs/heads/main","repository":{"html_url":"https://h/r","default_branch":"main"}}');
const hmac = (secret: string, body = BODY): string => createHmac('sha256', secret).update(body).digest('hex');
const SECRETS: Readonly<Record<string, string>> = {
  'webhook.github.secret': 'hub',
  'webhook.gitlab.secret': 'lab',
  'webhook.bitbucket.uuid': 'bucket',
  'webhook.bitbucketserver.secret': 'server',
  'webhook.gogs.secret': 'gogs',
  'webhook.azuredevops.username': 'azure',
  'webhook.azuredevops.password': 'ure',
};
const secretOf = (key: string): string => SECRETS[key] ?? '';
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

/** Each sender with the header that proves it; the event, the proof, and proofs of others. */
const SENDERS: readonly (readonly [string, Record<string, string>, string, string, readonly string[]])[] = [
  [
    'github',
    { 'x-github-event': 'push' },
    'x-hub-signature-256',
    `sha256=${hmac('hub')}`,
    [hmac('hub'), `sha256=${hmac('lab')}`, '', 'sha256='],
  ],
  ['gitlab', { 'x-gitlab-event': 'Push Hook' }, 'x-gitlab-token', 'lab', ['la', 'labb', '', 'LAB']],
  ['bitbucket', { 'x-event-key': 'repo:push' }, 'x-hook-uuid', 'bucket', ['', 'bucke', 'x']],
  [
    'bitbucket-server',
    { 'x-event-key': 'repo:refs_changed' },
    'x-hub-signature',
    `sha256=${hmac('server')}`,
    ['', hmac('server'), `sha256=${hmac('hub')}`],
  ],
  [
    'gogs',
    { 'x-gogs-event': 'push', 'x-github-event': 'push' },
    'x-gogs-signature',
    hmac('gogs'),
    ['', `sha256=${hmac('gogs')}`, hmac('hub')],
  ],
  [
    'azure-devops',
    { 'x-vss-activityid': 'a' },
    'authorization',
    basic('azure:ure'),
    ['', basic('azure:'), basic(':ure'), 'Bearer x'],
  ],
  [
    'ghcr',
    { 'x-github-event': 'package' },
    'x-hub-signature-256',
    `sha256=${hmac('hub')}`,
    ['', `sha256=${hmac('x')}`],
  ],
];

describe.each(SENDERS)('%s', (name, event, header, proof, wrong) => {
  const body = name === 'azure-devops' ? Buffer.from('{"eventType":"git.push"}') : BODY;

  test('is believed with its secret', () => {
    expect(readDelivery({ headers: { ...event, [header]: proof }, body }, secretOf)).toMatchObject({ provider: name });
  });

  test.each(wrong.map((value) => [value]))('is refused with %j', (value) => {
    const status = name === 'ghcr' ? 401 : 400;
    expect(readDelivery({ headers: { ...event, [header]: value }, body }, secretOf)).toMatchObject({ status });
  });

  test('is refused over another body', () => {
    const other = Buffer.concat([body, Buffer.from(' ')]);
    const isHashed = /^(sha256=)?[0-9a-f]{64}$/.test(proof);
    const read = readDelivery({ headers: { ...event, [header]: proof }, body: other }, secretOf);
    expect('events' in read).toBe(!isHashed);
  });

  test('needs no proof where no secret is set', () => {
    expect(readDelivery({ headers: { ...event, [header]: '' }, body }, () => '')).toHaveProperty('events');
  });
});

/** What is kept in one place for several servers, one after the other. */
function keeper(): DeliveryStore & { readonly payloads: Map<number, SignedDelivery> } {
  let text = '[]';
  const payloads = new Map<number, SignedDelivery>();
  return {
    payloads,
    load: async () => JSON.parse(text),
    save: async (records) => {
      text = JSON.stringify(records);
    },
    savePayload: async (number, delivery) => void payloads.set(number, delivery),
    payload: async (number) => payloads.get(number),
  };
}

const queueOf = (work: DeliveryOptions['work'], clock = stillClock(), store: DeliveryStore = keeper()): Deliveries =>
  createDeliveries({ clock, store, work });

describe('the queue', () => {
  const read = { provider: 'github', event: 'push', id: 'one', events: [] };
  const delivery = { headers: {}, body: BODY };

  test('takes a delivery once within ten seconds, and again after them', () => {
    let now = 0;
    const queue = queueOf(async () => 1, { ...stillClock(), now: () => now });
    expect(queue.take(delivery, read)).not.toHaveProperty('cause');
    expect(queue.take(delivery, read)).toMatchObject({ cause: 'it was delivered a moment before' });
    now = 11_000;
    expect(queue.take(delivery, read)).not.toHaveProperty('cause');
  });

  test('keeps the last hundred, and refuses what is too much', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const queue = queueOf(async () => {
      await held;
      return 2;
    });
    const taken = Array.from({ length: 1001 }, () => queue.take(delivery, { ...read, id: '' }));
    expect(taken.filter((record) => record === undefined)).toHaveLength(1);
    expect(queue.list()).toHaveLength(100);
    expect(queue.list()[0]?.number).toBe(1000);
    release();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(queue.list()[0]).toMatchObject({ refreshed: 2 });
  });

  test('is there again after a new start, and says what was not worked off', async () => {
    const store = keeper();
    const before = queueOf(() => new Promise(() => undefined), stillClock(), store);
    await before.ready();
    before.refuse(delivery, { status: 400, text: 'no', cause: 'it is not signed' });
    before.take(delivery, read);
    await new Promise((resolve) => setTimeout(resolve, 20));

    const after = queueOf(async () => 3, stillClock(), store);
    await after.ready();
    expect(after.list()).toMatchObject([
      { number: 2, cause: 'the server ended before it was worked off' },
      { number: 1, status: 400, cause: 'it is not signed' },
    ]);
    after.take(delivery, { ...read, id: 'two' });
    expect(after.list()[0]?.number).toBe(3);
    expect(await after.payload(2)).toEqual(delivery);
    // Of somebody who proved nothing.
    expect(await after.payload(1)).toBeUndefined();
    await expect(after.payload(9)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('says so when the applications could not be refreshed', async () => {
    const queue = queueOf(() => Promise.reject(new Error('1 of 3 applications could not be refreshed')));
    queue.take(delivery, read);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(queue.list()[0]).toMatchObject({ cause: '1 of 3 applications could not be refreshed' });
  });
});
