// Links of the settings: `application.links`, `resource.links` and `project.links` of argocd-cm, each a list of titles, templates of
// URLs and conditions.

import { applicationLinks, type Links, resourceLinks } from '../../api/links.ts';
import { isList, isObject, type JsonObject, textAt, toJson } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { parseYaml } from '../../core/yaml.ts';
import { maskSecrets } from '../../engine/diff/secrets.ts';
import type { Application } from '../../model/application.ts';
import type { KubeObject } from '../../objects/object.ts';
import { createClusterStore } from '../connections/clusters.ts';
import { applicationRoute, type Route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';
import { applicationResponse } from './applications/response.ts';
import { findProject } from './projects/find.ts';
import { findResource } from './resources/find.ts';

export function linkRoutes(ports: ServerPorts): Route[] {
  return [
    applicationRoute(applicationLinks, (application) =>
      linksOf(ports, 'application.links', () => aroundApplication(ports, application)),
    ),
    applicationRoute(resourceLinks, async (application, query) => {
      const { cluster, reference } = await findResource(ports, applicationResponse(application), query);
      return linksOf(ports, 'resource.links', async () => {
        const [resource] = maskSecrets([await cluster.get(reference)]);
        return { ...(await aroundApplication(ports, application)), resource: toJson(resource ?? {}) };
      });
    }),
  ];
}

/** What links may speak of: names, as templates and conditions have them. What opens a cluster is not among them. */
async function aroundApplication(ports: ServerPorts, object: KubeObject): Promise<JsonObject> {
  const app = applicationResponse(object);
  const application = toJson(object);
  const [project, cluster] = await Promise.all([
    findProject(ports, app.spec.project || 'default').catch(() => undefined),
    clusterOf(ports, app),
  ]);
  return { app: application, application, ...omitUndefined({ project: project && toJson(project), cluster }) };
}

async function clusterOf(ports: ServerPorts, { spec }: Application): Promise<JsonObject | undefined> {
  const server = ports.serverOf(spec.destination);
  const clusters = await createClusterStore(ports.home, ports.namespace).list(() => undefined);
  const cluster = clusters.find((each) => each.server === server);
  if (!cluster) return undefined;
  const { name, project, namespaces, labels, annotations } = cluster;
  const value = toJson({ name, server, project, namespaces, labels, annotations, metadata: { labels, annotations } });
  return isObject(value) ? value : undefined;
}

/** A link whose condition or template does not fit is left out, as in the reference. */
export async function linksOf(
  { home, namespace }: ServerPorts,
  key: string,
  names: () => Promise<JsonObject>,
): Promise<Links> {
  const reference = { group: '', version: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-cm' };
  const text = textAt(await home.get(reference), 'data', key);
  if (text === '') return {};
  const entries: unknown = parseYaml(text, key);
  const items = (isList(entries) ? entries : []).filter(isObject);
  const { fillLinks } = await import('./link-templates.ts');
  return { items: await fillLinks(items, await names()) };
}
