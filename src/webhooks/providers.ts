// Who sends deliveries: how each is known by its headers, which events it has, and what proves that it is the sender.

import type { Json } from '../core/json.ts';
import { IGNORED, type WebhookEvent } from './event.ts';
import { azurePushes, bitbucketPushes, bitbucketServerPushes, githubPush, gitlabPush } from './git-payloads.ts';
import { ghcrPackage } from './registry-payload.ts';
import { isBasic, isSame, isSigned, type SignedDelivery } from './signature.ts';

/** The value of a key of `argocd-secret`; '' where it is not set: then nothing is checked. */
export type SecretOf = (key: string) => string;

export interface Provider {
  readonly name: string;
  /** By headers alone. */
  readonly sends: (headers: Readonly<Record<string, string>>) => boolean;
  /** The name of the event that the headers tell; undefined where the payload tells it. */
  readonly event: (headers: Readonly<Record<string, string>>) => string | undefined;
  /** What each event that is known means. */
  readonly events: Readonly<Record<string, (payload: Json) => readonly WebhookEvent[]>>;
  readonly verify: (delivery: SignedDelivery, secret: SecretOf) => boolean;
  /** The header that numbers deliveries. */
  readonly deliveryHeader: string;
  /** The status of a delivery that is not signed right. */
  readonly refusal: 400 | 401;
}

const ignored = (): readonly WebhookEvent[] => [IGNORED];

const signed =
  (key: string, header: string, prefix = ''): Provider['verify'] =>
  (delivery, secretOf) => {
    const secret = secretOf(key);
    return secret === '' || isSigned(delivery, header, secret, prefix);
  };

const same =
  (key: string, header: string): Provider['verify'] =>
  ({ headers }, secretOf) => {
    const secret = secretOf(key);
    return secret === '' || isSame(headers[header] ?? '', secret);
  };

/** The first that fits is the sender: Gogs sends GitHub's header as well. */
const PROVIDERS: readonly Provider[] = [
  {
    name: 'azure-devops',
    sends: (headers) => 'x-vss-activityid' in headers,
    event: () => undefined,
    events: { 'git.push': azurePushes },
    verify: (delivery, secretOf) => {
      const [username, password] = ['username', 'password'].map((key) => secretOf(`webhook.azuredevops.${key}`));
      return (username === '' && password === '') || isBasic(delivery, username ?? '', password ?? '');
    },
    deliveryHeader: 'x-vss-activityid',
    refusal: 400,
  },
  {
    name: 'gogs',
    sends: (headers) => 'x-gogs-event' in headers,
    event: (headers) => headers['x-gogs-event'],
    events: { push: (payload) => [githubPush(payload)] },
    verify: signed('webhook.gogs.secret', 'x-gogs-signature'),
    deliveryHeader: 'x-gogs-delivery',
    refusal: 400,
  },
  {
    name: 'github',
    sends: (headers) => 'x-github-event' in headers && headers['x-github-event'] !== 'package',
    event: (headers) => headers['x-github-event'],
    events: { push: (payload) => [githubPush(payload)], ping: ignored },
    verify: signed('webhook.github.secret', 'x-hub-signature-256', 'sha256='),
    deliveryHeader: 'x-github-delivery',
    refusal: 400,
  },
  {
    name: 'gitlab',
    sends: (headers) => 'x-gitlab-event' in headers,
    event: (headers) => headers['x-gitlab-event'],
    events: {
      'Push Hook': (payload) => [gitlabPush(payload)],
      'Tag Push Hook': (payload) => [gitlabPush(payload)],
      'System Hook': (payload) => [gitlabPush(payload)],
    },
    verify: same('webhook.gitlab.secret', 'x-gitlab-token'),
    deliveryHeader: 'x-gitlab-event-uuid',
    refusal: 400,
  },
  {
    name: 'bitbucket',
    sends: (headers) => 'x-hook-uuid' in headers,
    event: (headers) => headers['x-event-key'],
    events: { 'repo:push': bitbucketPushes },
    verify: same('webhook.bitbucket.uuid', 'x-hook-uuid'),
    deliveryHeader: 'x-request-uuid',
    refusal: 400,
  },
  {
    name: 'bitbucket-server',
    sends: (headers) => 'x-event-key' in headers,
    event: (headers) => headers['x-event-key'],
    events: { 'repo:refs_changed': bitbucketServerPushes, 'diagnostics:ping': ignored },
    verify: signed('webhook.bitbucketserver.secret', 'x-hub-signature', 'sha256='),
    deliveryHeader: 'x-request-id',
    refusal: 400,
  },
  {
    name: 'ghcr',
    sends: (headers) => headers['x-github-event'] === 'package',
    event: () => 'package',
    events: { package: (payload) => [ghcrPackage(payload)] },
    verify: signed('webhook.github.secret', 'x-hub-signature-256', 'sha256='),
    deliveryHeader: 'x-github-delivery',
    refusal: 401,
  },
];

export const providerOf = (headers: Readonly<Record<string, string>>): Provider | undefined =>
  PROVIDERS.find(({ sends }) => sends(headers));
