// The reference's configuration as a value: which contexts there are, which server and login each of them means.

import { HawserError } from '../../core/errors.ts';
import { flag, list, type Of, object, optional, parse, text } from '../../core/shape.ts';

const savedContext = object({ name: text, server: text, user: text });

const savedServer = object({
  server: text,
  insecure: optional(flag),
  'plain-text': optional(flag),
  'grpc-web': optional(flag),
  'grpc-web-root-path': optional(text),
  core: optional(flag),
  'certificate-authority-data': optional(text),
  'client-certificate-data': optional(text),
  'client-certificate-key-data': optional(text),
  /** Ours: headers to send with every request. The reference takes no notice of it. */
  'hawser-headers': optional(list(text)),
});

export interface SavedServer extends Of<typeof savedServer> {}

const savedUser = object({
  name: text,
  'auth-token': optional(text),
  'refresh-token': optional(text),
  /** Ours: where a pipeline has its token from. Nothing secret; the reference takes no notice of it. */
  'hawser-oidc': optional(
    object({ source: text, connector: optional(text), audience: optional(text), file: optional(text) }),
  ),
});

export interface SavedUser extends Of<typeof savedUser> {}

const shape = object({
  contexts: optional(list(savedContext)),
  'current-context': optional(text),
  'prompts-enabled': optional(flag),
  servers: optional(list(savedServer)),
  users: optional(list(savedUser)),
});

export interface Config extends Of<typeof shape> {}

export function parseConfig(value: unknown, path: string): Config {
  const config = parse(shape, value ?? {}, path);
  const current = config['current-context'];
  if (current) {
    try {
      resolveContext(config, current);
    } catch (thrown) {
      const why = thrown instanceof HawserError ? thrown.message : '';
      throw broken(`local config invalid: ${why}`, path);
    }
  }
  return config;
}

const broken = (why: string, path: string): HawserError =>
  new HawserError('usage', `error reading local config: ${why}`, { hint: `look at ${path}` });

export interface ResolvedContext {
  readonly name: string;
  readonly server: SavedServer;
  readonly user: SavedUser;
}

/** A context with what it refers to; throws `not-found` naming what is missing. */
export function resolveContext(config: Config, name: string): ResolvedContext {
  const context = config.contexts?.find((entry) => entry.name === name);
  if (!context) throw undefinedThing('Context', name, config.contexts?.map((entry) => entry.name) ?? []);
  const server = config.servers?.find((entry) => entry.server === context.server);
  if (!server) throw undefinedThing('Server', context.server, []);
  const user = config.users?.find((entry) => entry.name === context.user);
  if (!user) throw undefinedThing('User', context.user, []);
  return { name, server, user };
}

function undefinedThing(what: string, name: string, names: readonly string[]): HawserError {
  const hint = names.length > 0 ? `available contexts: ${names.join(', ')}` : 'hawser context';
  return new HawserError('not-found', `${what} '${name}' undefined`, { hint, reason: { kind: 'undefined-entry' } });
}

/** The configuration with one server, login and context more (or changed), the context being the current one. */
export function withLogin(config: Config, login: ResolvedContext): Config {
  const put = <T>(items: readonly T[] | undefined, item: T, same: (entry: T) => boolean): T[] => {
    const exists = (items ?? []).some(same);
    return exists ? (items ?? []).map((entry) => (same(entry) ? item : entry)) : [...(items ?? []), item];
  };
  const context = { name: login.name, server: login.server.server, user: login.user.name };
  return {
    ...config,
    servers: put(config.servers, login.server, (entry) => entry.server === login.server.server),
    users: put(config.users, login.user, (entry) => entry.name === login.user.name),
    contexts: put(config.contexts, context, (entry) => entry.name === login.name),
    'current-context': login.name,
  };
}

/** The configuration without a context, its login, and its server when no other context uses that. */
export function withoutContext(config: Config, name: string): Config {
  const removed = config.contexts?.find((entry) => entry.name === name);
  const contexts = (config.contexts ?? []).filter((entry) => entry.name !== name);
  const used = contexts.some((entry) => entry.server === removed?.server);
  return {
    ...config,
    contexts,
    users: (config.users ?? []).filter((entry) => entry.name !== name),
    servers: (config.servers ?? []).filter((entry) => used || entry.server !== removed?.server),
    'current-context': config['current-context'] === name ? '' : config['current-context'],
  };
}

/** As the reference writes it: `prompts-enabled` and the root path always there; what we do not know stays. */
export function configDocument(config: Config): Record<string, unknown> {
  const servers = (config.servers ?? []).map((server) => ({ 'grpc-web-root-path': '', ...server }));
  return {
    ...config,
    contexts: config.contexts ?? [],
    'current-context': config['current-context'] ?? '',
    'prompts-enabled': config['prompts-enabled'] ?? false,
    servers,
    users: config.users ?? [],
  };
}
