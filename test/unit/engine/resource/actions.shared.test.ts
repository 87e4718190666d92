import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isList, isObject, type Json, listAt, objectAt, textAt } from '../../../../src/core/json.ts';
import { actionEffect, availableActions } from '../../../../src/engine/resource/actions.ts';
import { mergePatch } from '../../../../src/objects/merge-patch.ts';
import { isKubeObject, type KubeObject } from '../../../../src/objects/object.ts';

const corpus: unknown = JSON.parse(
  readFileSync(new URL('../../../../../shared/corpora/actions.json', import.meta.url), 'utf8'),
);
const cases = listAt(corpus, 'cases').map((entry, index) => ({
  name: `${textAt(entry, 'groupKind')} ${textAt(entry, 'action') || 'discovery'} #${index}`,
  entry,
}));

/** The corpus has its times replaced. */
const NOW = Date.UTC(1, 0, 1);
const setting = (parameters: Readonly<Record<string, string>>) => ({
  now: new Date(NOW).setUTCFullYear(1),
  parameters,
});

function objectOf(entry: Json): KubeObject {
  const manifest = objectAt(entry, 'manifest');
  if (isKubeObject(manifest)) return manifest;
  throw new Error('a case without manifest');
}

/** Whether all that is expected is there: the corpus leaves out what is as it was. Null is absent. */
function holds(found: Json | undefined, expected: Json | undefined): boolean {
  if (expected === null || expected === undefined) return (found ?? null) === null;
  if (isList(expected)) return isList(found) && expected.every((item, index) => holds(found[index], item));
  if (!isObject(expected)) return found === expected;
  return isObject(found) && Object.entries(expected).every(([key, value]) => holds(found[key], value));
}

const parametersOf = (entry: Json): Record<string, string> =>
  Object.fromEntries(Object.entries(objectAt(entry, 'parameters')).map(([key, value]) => [key, String(value)]));

describe('the actions of the reference', () => {
  test('are there', () => expect(cases.length).toBeGreaterThan(70));

  test.each(cases.filter(({ entry }) => textAt(entry, 'type') !== 'action'))('$name', ({ entry }) => {
    const found = availableActions(objectOf(entry)).map(({ name, disabled = false, displayName }) => ({
      name,
      disabled,
      ...(displayName ? { displayName } : {}),
    }));
    const expected = listAt(entry, 'expectedActions');
    for (const action of expected) expect(found).toContainEqual(action);
    expect(found).toHaveLength(expected.length);
  });

  test.each(cases.filter(({ entry }) => textAt(entry, 'type') === 'action'))('$name', ({ entry }) => {
    const object = objectOf(entry);
    const run = () => actionEffect(object, textAt(entry, 'action'), setting(parametersOf(entry)));
    const refused = textAt(entry, 'expectedError');
    if (refused !== '') return expect(run).toThrow(refused);
    const [expected] = listAt(entry, 'expected').map((each) => objectAt(each, 'unstructuredObj'));
    const effect = run();
    const found =
      'patch' in effect
        ? mergePatch(objectAt(entry, 'manifest'), effect.patch)
        : JSON.parse(JSON.stringify(effect.create));
    // Names of what is made have the time in them.
    if ('create' in effect) found.metadata.name = textAt(expected, 'metadata', 'name');
    if (!holds(found, expected)) expect(found).toEqual(expected);
  });
});
