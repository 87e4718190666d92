// Plays the steps of a scenario in a namespace of its own, and answers what is seen there.

import { KINDS, viewOf } from './view.mjs';

const GROUPS = {
  v1: '/api/v1',
  'apps/v1': '/apis/apps/v1',
  'batch/v1': '/apis/batch/v1',
  'policy/v1': '/apis/policy/v1',
};

export async function play(steps, { call, rest, namespace }) {
  const within = (group, plural, name = '') =>
    `${group}/namespaces/${namespace}/${plural}${name === '' ? '' : `/${name}`}`;
  const list = async (group, plural) => (await call('GET', within(group, plural))).body.items ?? [];
  const read = async () => {
    const lists = await Promise.all(Object.entries(KINDS).map(([plural, group]) => list(group, plural)));
    return Object.fromEntries(Object.keys(KINDS).map((plural, index) => [plural, lists[index]]));
  };
  await call('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await rest(read);
  const seen = {};
  for (const [verb, ...parts] of steps) await act(verb, parts);
  await call('DELETE', `/api/v1/namespaces/${namespace}`);
  return seen;

  async function act(verb, [first, name, more]) {
    if (verb === 'create') {
      await call('POST', within(GROUPS[first.apiVersion], `${first.kind.toLowerCase()}s`), first);
    } else if (verb === 'patch') {
      await call('PATCH', within(KINDS[first], first, name), more);
    } else if (verb === 'delete') {
      await call('DELETE', within(KINDS[first], first, name), more ? { propagationPolicy: more } : undefined);
    } else {
      await rest(read);
      seen[first] = viewOf(await read(), await list('/api/v1', 'events'), namespace);
    }
  }
}
