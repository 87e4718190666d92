// Every endpoint of the contract, and an input for each.

import * as applicationSets from '../../src/api/application-sets.ts';
import * as applications from '../../src/api/applications.ts';
import * as audit from '../../src/api/audit.ts';
import * as badge from '../../src/api/badge.ts';
import * as certificates from '../../src/api/certificates.ts';
import * as clusters from '../../src/api/clusters.ts';
import * as differences from '../../src/api/differences.ts';
import type { Endpoint } from '../../src/api/endpoint.ts';
import type { Answer } from '../../src/api/exchange.ts';
import * as gpgKeys from '../../src/api/gpg-keys.ts';
import * as health from '../../src/api/health.ts';
import * as installation from '../../src/api/installation.ts';
import * as links from '../../src/api/links.ts';
import * as local from '../../src/api/local.ts';
import * as localCluster from '../../src/api/local-cluster.ts';
import * as notifications from '../../src/api/notifications.ts';
import * as projects from '../../src/api/projects.ts';
import * as repositories from '../../src/api/repositories.ts';
import * as repositoryCredentials from '../../src/api/repository-credentials.ts';
import * as resources from '../../src/api/resources.ts';
import * as revisions from '../../src/api/revisions.ts';
import * as sessions from '../../src/api/sessions.ts';
import * as webhooks from '../../src/api/webhooks.ts';
import * as writeRepositories from '../../src/api/write-repositories.ts';
import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../src/core/json.ts';

/** The value of an answer in JSON. */
export function jsonOf({ body }: Answer): unknown {
  return 'json' in body ? body.json : undefined;
}

export type AnyEndpoint = Endpoint<unknown, unknown>;

export const CONTRACT: readonly AnyEndpoint[] = [
  applicationSets,
  applications,
  audit,
  badge,
  certificates,
  clusters,
  differences,
  gpgKeys,
  health,
  installation,
  links,
  local,
  localCluster,
  notifications,
  projects,
  repositories,
  repositoryCredentials,
  resources,
  revisions,
  sessions,
  webhooks,
  writeRepositories,
]
  .flatMap((module) => Object.values<unknown>(module).flat())
  .filter(isEndpoint);

function isEndpoint(value: unknown): value is AnyEndpoint {
  return isObject(value) && typeof value['method'] === 'string' && typeof value['path'] === 'string';
}

/** What a text of this name can be. */
const TEXTS: Readonly<Record<string, string>> = { resource: 'applications', action: 'get' };

/** The least that the schema of an endpoint's input takes, with a name; each text is `text` where it can be. */
export function sampleInput(endpoint: AnyEndpoint, text: string): Json {
  return sample(endpoint.input.schema(), text);
}

function sample(schema: JsonObject, text: string): Json {
  const [first] = listAt(schema, 'enum');
  if (first !== undefined) return first;
  const type = textAt(schema, 'type');
  if (type === 'string') return text;
  if (type === 'number') return 1;
  if (type === 'boolean') return false;
  if (type === 'array') return [];
  const properties = objectAt(schema, 'properties');
  const names = [...listAt(schema, 'required').map(String), ...('name' in properties ? ['name'] : [])];
  return Object.fromEntries(names.map((name) => [name, sample(objectAt(properties, name), TEXTS[name] ?? text)]));
}
