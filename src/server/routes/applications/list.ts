import type { ListApplications } from '../../../api/applications.ts';
import { HawserError, messageOf } from '../../../core/errors.ts';
import { listAt, textAt } from '../../../core/json.ts';
import type { ApplicationList } from '../../../model/application.ts';
import { APPLICATION_TYPE } from '../../../model/application-key.ts';
import { matchesLabels } from '../../../objects/label-selector.ts';
import { parseLabelSelector } from '../../../objects/label-selector-text.ts';
import type { KubeObject } from '../../../objects/object.ts';
import { rbacNameOf } from '../../auth/authorize.ts';
import type { Call } from '../../http/route.ts';
import type { ServerPorts } from '../../ports.ts';
import { applicationResponse } from './response.ts';

export async function list(ports: ServerPorts, query: ListApplications, call: Call): Promise<ApplicationList> {
  await ports.catchUp();
  const { items, resourceVersion } = await ports.home.list(APPLICATION_TYPE, { namespace: ports.namespace });
  const matches = items.filter(matcher(ports, query, call)).map((object) => applicationResponse(object));
  return { metadata: { resourceVersion }, items: matches };
}

/** Which applications a query is about, of those that the caller may get. */
export function matcher(ports: ServerPorts, query: ListApplications, { may }: Call): (object: KubeObject) => boolean {
  const requirements = query.selector ? parseSelector(query.selector) : [];
  const projects = query.project?.length ? query.project : (query.projects ?? []);
  return (object) =>
    (!query.appNamespace || query.appNamespace === ports.namespace) &&
    (!query.name || object.metadata.name === query.name) &&
    (projects.length === 0 || projects.includes(textAt(object, 'spec', 'project') || 'default')) &&
    (!query.repo || repositoryOf(object) === query.repo) &&
    matchesLabels(requirements, object.metadata.labels ?? {}) &&
    may({ resource: 'applications', action: 'get', object: rbacNameOf(object, ports.namespace) });
}

function parseSelector(text: string): ReturnType<typeof parseLabelSelector> {
  try {
    return parseLabelSelector(text);
  } catch (thrown) {
    throw new HawserError('invalid', `error parsing the selector: ${messageOf(thrown)}`, { details: { grpc: 2 } });
  }
}

function repositoryOf(object: KubeObject): string {
  return textAt(object, 'spec', 'source', 'repoURL') || textAt(listAt(object, 'spec', 'sources')[0], 'repoURL');
}
