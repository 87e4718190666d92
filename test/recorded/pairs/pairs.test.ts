// Objects with several fields wrong or unusual at once, as a real API server has judged them (dry run): in which order it tells
// what is wrong, what of one field it says only because of another, and what becomes of the fields of those that it lets in.

import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../../src/core/json.ts';
import { type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';
import { recordOf, settled } from '../fields/answers.mjs';
import { mutated } from '../fields/mutations.mjs';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const parsed: Json = JSON.parse(read('pairs.json'));
const recorded = listAt(parsed).filter(isObject);
const CALLER = { headers: { 'user-agent': 'node' } };

const nameOf = (object: JsonObject): string => `${textAt(object, 'kind')}/${textAt(object, 'metadata', 'name')}`;
const bases = new Map(
  ['../fields/bases.yaml', 'bases.yaml']
    .flatMap((file) => loadAll(read(file)))
    .filter(isObject)
    .map((object) => [nameOf(object), object]),
);

interface Opened {
  readonly calls: KubeCalls;
  /** The object, which is there when it is to change. */
  readonly base: JsonObject;
  readonly version: string;
}

async function open(name: string, way: string, path: string): Promise<Opened> {
  const calls = await openKubeCalls(systemClock);
  await calls.call('POST', '/api/v1/namespaces', { metadata: { name: 'fields' } });
  await calls.call('POST', '/api/v1/namespaces/fields/serviceaccounts', { metadata: { name: 'default' } });
  const base = bases.get(name) ?? {};
  if (way === 'create') return { calls, base, version: '' };
  const kept = textAt(base, 'kind') === 'Pod' ? { ...base, spec: unmounted(base) } : base;
  const [own = ''] = path.split(/(?:\/status)?\?/);
  const { body } = await calls.call('POST', own.slice(0, own.lastIndexOf('/')), kept, CALLER);
  return { calls, base, version: textAt(body, 'metadata', 'resourceVersion') };
}

const unmounted = (pod: JsonObject): JsonObject => ({ ...objectAt(pod, 'spec'), automountServiceAccountToken: false });

describe('pairs of fields, as a real API server judges them', () => {
  const groups = new Map<string, JsonObject[]>();
  for (const one of recorded) {
    const key = `${textAt(one, 'way')} ${textAt(one, 'base')}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  test.each([...groups])('%s', async (key, cases) => {
    const [way = '', name = ''] = key.split(' ');
    const { calls, base, version } = await open(name, way, textAt(cases[0], 'path'));
    const method = way === 'create' ? 'POST' : 'PUT';
    const versioned = (object: JsonObject): JsonObject =>
      version === '' ? object : { ...object, metadata: { ...objectAt(object, 'metadata'), resourceVersion: version } };
    const ask = (object: JsonObject, path: string) => calls.call(method, path, versioned(object), CALLER);
    const usual = settled((await ask(base, textAt(cases[0], 'path'))).body);
    for (const { base: _base, way: _way, path, mutations, ...said } of cases) {
      const object = listAt(mutations).reduce<JsonObject>(
        (made, change) => mutated(made, { path: listAt(change, 'path'), value: objectAt(change)['value'] }),
        base,
      );
      expect(recordOf(await ask(object, String(path)), usual), JSON.stringify(mutations)).toEqual(said);
    }
    await calls.close();
  });
});
