// Manifests of nonsense: each ends in a state that says so, and the controller does not try it again and again.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Controlled, configMap, openControlled } from '../../support/controlled.ts';

let system: Controlled;

beforeEach(async () => {
  system = await openControlled();
});

afterEach(() => system.close());

const map = (metadata: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: ${metadata}\n`;

const NONSENSE = {
  'a name that YAML takes for a boolean': map('{name: n}'),
  'a name that YAML takes for a number': map('{name: 123}'),
  'a name that is a list': map('{name: [a]}'),
  'a namespace that YAML takes for a boolean': map('{name: a, namespace: off}'),
  'a name for which there is nothing': map('{name: null}'),
  'no name at all': map('{}'),
  'a name that leads elsewhere': map('{name: ../../secrets/x}'),
  'a name with a line break': map('{name: "a\\nb"}'),
  'an API version of many parts': 'apiVersion: a/b/c\nkind: X\nmetadata: {name: a}\n',
  'a kind with a slash': 'apiVersion: v1\nkind: A/B\nmetadata: {name: a}\n',
  'an API version that is none': 'apiVersion: " "\nkind: X\nmetadata: {name: a}\n',
  'an empty group': 'apiVersion: /v1\nkind: X\nmetadata: {name: a}\n',
  'owners that are none': map('{name: a, ownerReferences: [null, x, {}]}'),
  'annotations of other kinds': map('{name: a, annotations: {argocd.argoproj.io/sync-wave: {a: b}}}'),
  'finalizers that are none': map('{name: a, finalizers: x}'),
  'a spec that is a text': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: x\n',
  'containers that are none': 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: {a: b}}\n',
  'containers of nothing': 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [null, 1]}\n',
  'data that is a list': `${map('{name: a}')}data: [a]\n`,
  'data of numbers': `${map('{name: a}')}data: {a: 1}\n`,
  'a status that is a number': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nstatus: 1\n',
} as const;

test.each(Object.entries(NONSENSE))('%s', async (_what, text) => {
  await system.repository.commit({ 'm.yaml': configMap('good') });
  await system.create();
  await system.commit({ 'm.yaml': text });
  await system.settled();
  const { status } = await system.app();
  expect((status?.resources ?? []).map(({ name }) => name)).not.toContain('good');
  expect(['OutOfSync', 'Unknown']).toContain(status?.sync?.status);
  if (status?.sync?.status === 'Unknown') expect(status.conditions).toHaveLength(1);
  else expect((await system.sync()).phase).toBe('Failed');
  await system.settled();
});
