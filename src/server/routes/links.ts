// Links of the settings: `application.links` and `resource.links` of argocd-cm, each a list of titles and templates of URLs.

import { applicationLinks, type Links, resourceLinks } from '../../api/links.ts';
import { isList, isObject, type JsonObject, textAt } from '../../core/json.ts';
import { parseYaml } from '../../core/yaml.ts';
import { applicationRoute, type Route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';
import { applicationResponse } from './applications/response.ts';
import { findResource } from './resources/find.ts';

export function linkRoutes(ports: ServerPorts): Route[] {
  return [
    applicationRoute(applicationLinks, (application) => linksOf(ports, 'application.links', { app: application })),
    applicationRoute(resourceLinks, async (application, query) => {
      const { cluster, reference } = await findResource(ports, applicationResponse(application), query);
      return linksOf(ports, 'resource.links', { app: application, resource: await cluster.get(reference) });
    }),
  ];
}

/** A link with a condition is left out: conditions are in a language that Hawser does not evaluate. */
export async function linksOf({ home, namespace }: ServerPorts, key: string, context: JsonObject): Promise<Links> {
  const reference = { group: '', version: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-cm' };
  const text = textAt(await home.get(reference), 'data', key);
  if (text === '') return {};
  const { goTemplate } = await import('../../core/go-template/run.ts');
  const entries: unknown = parseYaml(text, key);
  const items = (isList(entries) ? entries : []).filter(isObject).filter((entry) => textAt(entry, 'if') === '');
  return { items: items.flatMap((entry) => linkOf(entry, (template) => goTemplate(template)(context))) };
}

function linkOf(entry: JsonObject, fill: (template: string) => string): NonNullable<Links['items']> {
  const [title, url] = [textAt(entry, 'title'), textAt(entry, 'url')];
  if (title === '' || url === '') return [];
  const [description, iconClass] = [textAt(entry, 'description'), textAt(entry, 'icon.class')];
  try {
    return [{ title, url: fill(url), ...(description ? { description } : {}), ...(iconClass ? { iconClass } : {}) }];
  } catch {
    // A template that does not fit this object makes no link.
    return [];
  }
}
