// Credentials for all repositories below a URL. Only the URL and the username are ever answered.

import {
  createCredentials,
  createWriteCredentials,
  deleteCredentials,
  deleteWriteCredentials,
  listCredentials,
  listWriteCredentials,
  updateCredentials,
  updateWriteCredentials,
} from '../../api/repository-credentials.ts';
import type { Resource } from '../../api/rights.ts';
import { asHawserError, HawserError } from '../../core/errors.ts';
import { withoutLogins } from '../../core/url.ts';
import { CREDENTIALS_FIELDS, differingSettings } from '../../model/connection-secret.ts';
import type { RepositoryCredentials } from '../../model/repository.ts';
import { differentSpec } from '../connections/difference.ts';
import { createRepositoryStore, type Store } from '../connections/repositories.ts';
import { json, plainText } from '../http/answers.ts';
import { type Call, type Route, rawRoute, route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';

export function repositoryCredentialsRoutes(ports: ServerPorts): Route[] {
  const { credentials, writeCredentials } = createRepositoryStore(ports.home, ports.namespace);
  const changed = () => ports.cache.delete('repository-state|');
  const parts: Parts = { store: credentials, resource: 'repositories', changed };
  const write: Parts = { store: writeCredentials, resource: 'write-repositories', changed };
  return [
    route(listCredentials, (_input, call) => list(parts, call)),
    route(listWriteCredentials, (_input, call) => list(write, call)),
    route(createCredentials, (input, call) => create(parts, input, call)),
    route(createWriteCredentials, (input, call) => create(write, input, call)),
    // The reference looks for the URL as it is encoded in the path.
    rawRoute(updateCredentials, async ({ creds }, { url }) =>
      json(await update(parts, { ...creds, url: lastSegment(url) })),
    ),
    rawRoute(updateWriteCredentials, async ({ 'creds.url': url, creds }) =>
      url.includes('/') ? plainText(404, 'Not Found') : json(await update(write, { ...creds, url })),
    ),
    route(deleteCredentials, ({ url }) => remove(parts, url)),
    rawRoute(deleteWriteCredentials, async ({ url }) =>
      url.includes('/') ? plainText(404, 'Not Found') : json(await remove(write, unescaped(url))),
    ),
  ];
}

interface Parts {
  readonly store: Store<RepositoryCredentials>;
  readonly resource: Resource;
  /** What was known of the repositories below is known no more. */
  readonly changed: () => Promise<void>;
}

function unescaped(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    throw new HawserError('invalid', `invalid URL escape in '${url}'`, { details: { grpc: 2 } });
  }
}

const lastSegment = (url: string): string => (url.split('?')[0] ?? '').split('/').at(-1) ?? '';

async function list({ store, resource }: Parts, { may }: Call) {
  const visible = (await store.list()).filter(({ url }) => may({ resource, action: 'get', object: url }));
  const items = visible.map(({ url, username }) => ({ url: withoutLogins(url), ...(username ? { username } : {}) }));
  return { metadata: {}, items: items.sort((a, b) => (a.url < b.url ? -1 : 1)) };
}

async function create(
  { store, resource, changed }: Parts,
  { creds, upsert = false }: { readonly creds: RepositoryCredentials; readonly upsert?: boolean },
  { demand }: Call,
): Promise<RepositoryCredentials> {
  const { url } = creds;
  if (url === '')
    throw new HawserError('invalid', 'must specify URL', { hint: 'give the URL that repositories begin with' });
  try {
    await store.create(creds);
  } catch (thrown) {
    if (asHawserError(thrown).code !== 'already-exists') throw thrown;
    const existing = (await store.list()).find((one) => one.url === url);
    if (!existing) throw thrown;
    const keys = differingSettings(CREDENTIALS_FIELDS, existing, creds);
    if (keys.length > 0 && !upsert) throw differentSpec('repository credentials', keys);
    if (keys.length > 0) {
      demand({ resource, action: 'update', object: url });
      await store.update(creds);
    }
  }
  await changed();
  return { url };
}

async function update({ store, changed }: Parts, creds: RepositoryCredentials): Promise<RepositoryCredentials> {
  await store.update(creds);
  await changed();
  return { url: creds.url };
}

async function remove({ store, changed }: Parts, url: string): Promise<object> {
  await store.remove({ url });
  await changed();
  return {};
}
