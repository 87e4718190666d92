import { listServices, listTemplates, listTriggers, type NamedItems } from '../../api/notifications.ts';
import { objectAt } from '../../core/json.ts';
import { type Route, route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';

export function notificationRoutes(ports: ServerPorts): Route[] {
  return [
    route(listTriggers, () => names(ports, 'trigger.')),
    route(listTemplates, () => names(ports, 'template.')),
    route(listServices, () => names(ports, 'service.')),
  ];
}

/** Of the keys of the settings: `service.slack.ops` is the service 'ops', `service.slack` is 'slack'. */
async function names({ home, namespace }: ServerPorts, prefix: string): Promise<NamedItems> {
  const reference = { group: '', version: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-notifications-cm' };
  const keys = Object.keys(objectAt(await home.get(reference), 'data'));
  const own = keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  const shown = prefix === 'service.' ? own.map((name) => name.split('.').at(-1) ?? name) : own;
  return { items: shown.sort().map((name) => ({ name })) };
}
