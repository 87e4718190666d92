// What must hold for every kind and every field: applied and untouched is Synced, changed in Git is OutOfSync and shows the
// change alone.

import { describe, expect, test } from 'vitest';
import { at, isList, isObject, type Json, type JsonObject, sameJson } from '../../../../src/core/json.ts';
import { type CompareRules, type Comparison, compareStates } from '../../../../src/engine/diff/compare.ts';
import { createKindTypes } from '../../../../src/engine/diff/kind-types.ts';
import { LAST_APPLIED_ANNOTATION } from '../../../../src/engine/diff/normalise.ts';
import { FIELD_MANAGER } from '../../../../src/engine/diff/predict.ts';
import { applyTyped } from '../../../../src/objects/apply.ts';
import { applyDefaults } from '../../../../src/objects/defaults/defaults.ts';
import { normalise } from '../../../../src/objects/normalise.ts';
import { groupOf, isKubeObject, type KubeObject, withAnnotations } from '../../../../src/objects/object.ts';
import { isStructure, type TypeOf } from '../../../../src/objects/schema.ts';
import { UntypableError } from '../../../../src/objects/typed.ts';
import { loadBuiltinTypes } from '../../../../src/objects/types.ts';
import {
  around,
  fieldsIn,
  otherValue,
  type Path,
  type SampleKind,
  sampleKinds,
  sampleObject,
  withValue,
} from '../../../support/sample-objects.ts';

const builtin = await loadBuiltinTypes();
const types = createKindTypes(builtin, { definitionOf: () => undefined, knownFields: [] });
const ignore = { fields: [], deleteByJq: async () => [], status: 'all', aggregatedRoles: false } as const;
const kinds = sampleKinds(builtin);
const named = kinds.map((kind) => [`${kind.apiVersion} ${kind.kind}`, kind] as const);

/** As an API server reads and fills in an object. */
function stored(given: Json, { apiVersion, kind, type }: SampleKind): KubeObject {
  const { object } = normalise(isObject(given) ? given : {}, type);
  applyDefaults(groupOf(apiVersion), kind, object);
  const read: unknown = object;
  if (!isKubeObject(read)) throw new Error('it is no object');
  return read;
}

/** An empty text is no time. */
const isRefused = (object: KubeObject, { type }: SampleKind): boolean =>
  normalise(object, type).findings.fault !== undefined;

const asObject = (value: Json): KubeObject => {
  if (isKubeObject(value)) return value;
  throw new Error('it is no object');
};

const asMap = (value: Json): JsonObject => (isObject(value) ? value : {});

/** What an apply of Git's object leaves in the cluster, in each of the two ways. */
const APPLIED: Readonly<Record<string, (target: KubeObject, kind: SampleKind) => KubeObject>> = {
  'on the client’s side': (target, kind) => {
    const last = withAnnotations(target, { [LAST_APPLIED_ANNOTATION]: JSON.stringify(target) });
    return fromCluster(stored(last, kind));
  },
  'by the server': (target, kind) => {
    const { object } = applyTyped({
      live: undefined,
      applied: asObject(normalise(target, kind.type, { keepEmpty: true }).object),
      type: kind.type,
      manager: { name: FIELD_MANAGER, operation: 'Apply', apiVersion: target.apiVersion, subresource: '' },
      force: true,
      time: '2024-01-01T00:00:00Z',
    });
    return fromCluster(stored(object, kind));
  },
};

/** With what only the cluster writes. */
function fromCluster(object: KubeObject): KubeObject {
  const metadata = {
    ...object.metadata,
    uid: '1',
    resourceVersion: '7',
    generation: 1,
    creationTimestamp: '2024-01-01T00:00:00Z',
  };
  return { ...object, metadata, status: { observedGeneration: 1 } };
}

const compare = (target: KubeObject, live: KubeObject, serverSide: boolean): Promise<Comparison> => {
  const rules: CompareRules = { types, ignore, serverSide };
  return compareStates(target, live, rules);
};

/** A Pod has many fields, and a busy machine takes its time. */
const TIMEOUT_MS = 120_000;

test('every kind that can be created is tried', () => expect(kinds.length).toBeGreaterThan(55));

describe.each(Object.entries(APPLIED))('applied %s', { timeout: TIMEOUT_MS }, (how, apply) => {
  const serverSide = how === 'by the server';

  test.each(named)('%s: untouched is no difference', async (_name, kind) => {
    const target = sampleObject(kind);
    const { modified, normalizedLive, predictedLive } = await compare(target, apply(target, kind), serverSide);
    expect(predictedLive).toEqual(normalizedLive);
    expect(modified).toBe(false);
  });

  test.each(named)('%s: other words for the same are no difference', async (_name, kind) => {
    const target = sampleObject(kind);
    const live = apply(target, kind);
    const { normalizedLive, predictedLive } = await compare(
      asObject(inOtherWords(target, kind.type)),
      live,
      serverSide,
    );
    expect(predictedLive).toEqual(normalizedLive);
  });

  const tried = new Map<string, number>();

  test.each(named)('%s: any one field changed, removed or added shows, and nothing else', async (_name, kind) => {
    const sample = sampleObject(kind);
    for (const { path, type, isKey, name } of fieldsIn(sample, kind.type)) {
      const whole = asObject({ metadata: { name: 'sample' }, ...asMap(around(sample, path)) });
      const value = at(whole, ...path);
      const times = tried.get(name) ?? 0;
      if (value === undefined || isIdentity(path) || times >= TIMES) continue;
      tried.set(name, times + 1);
      const less = asObject(withValue(whole, path, undefined));
      const other = otherValue(value, type);
      const changed = other === undefined ? less : asObject(withValue(whole, path, other));
      for (const [before, after] of [
        [whole, less],
        [less, whole],
        [whole, changed],
      ] as const) {
        await expectShown({ before, after, path, kind, apply, serverSide, isKey });
      }
      const zeroed = asObject(withValue(whole, path, zeroLike(value)));
      if (isKey || isRefused(zeroed, kind)) continue;
      const { modified } = await compare(zeroed, apply(less, kind), serverSide);
      const same = sameJson(at(stored(less, kind), ...path), at(stored(zeroed, kind), ...path));
      const told = `${path.join('.')}: ${JSON.stringify(zeroLike(value))} is added`;
      expect(modified, told).toBe(type.schema?.['x-go-zero'] === undefined && !same);
    }
  });
});

/** The zero of the value's type: nothing but for a pointer and an entry of a map. */
function zeroLike(value: Json): Json {
  if (isList(value)) return [];
  if (isObject(value)) return {};
  return typeof value === 'string' ? (/^\d+m$/.test(value) ? '0' : '') : typeof value === 'number' ? 0 : false;
}

/** A field is tried in so many kinds: all Pod templates hold the same. */
const TIMES = 3;

/** Taken away, an API server fills them in again from what it has made of them: spec.podCIDRs. */
const GIVEN_BACK = ['spec.podCIDR'];

interface Change {
  readonly before: KubeObject;
  readonly after: KubeObject;
  readonly path: Path;
  readonly kind: SampleKind;
  readonly apply: (target: KubeObject, kind: SampleKind) => KubeObject;
  readonly serverSide: boolean;
  readonly isKey: boolean;
}

function appliedBy(apply: Change['apply'], state: KubeObject, kind: SampleKind): KubeObject | undefined {
  try {
    return apply(state, kind);
  } catch (thrown) {
    if (thrown instanceof UntypableError) return undefined;
    throw thrown;
  }
}

/**
 * The difference is the one between what an API server would hold before and after; but defaults that followed from what was
 * there before stay, as an apply leaves them.
 */
async function expectShown({ before, after, path, kind, apply, serverSide, isKey }: Change): Promise<void> {
  // An item of a list that loses the only key it had is refused by a server.
  const isRefusedThere = [before, after].some((state) => appliedBy(apply, state, kind) === undefined);
  if (isKey && isRefusedThere) return;
  const compared = await compare(after, apply(before, kind), serverSide);
  const wanted = differences(stored(before, kind), stored(after, kind));
  const shown = differences(compared.normalizedLive, compared.predictedLive);
  const told = `${path.join('.')}: ${JSON.stringify(at(before, ...path))} → ${JSON.stringify(at(after, ...path))}`;
  const isGivenBack = GIVEN_BACK.includes(path.join('.')) && at(after, ...path) === undefined;
  expect(compared.modified, told).toBe(wanted.length > 0 && !isGivenBack);
  if (isKey || isGivenBack) return;
  const place = placeText(path);
  const isThere = (one: string): boolean => one.startsWith(place) || place.startsWith(one);
  expect(shown.some(isThere), `${told} shows in ${shown}`).toBe(wanted.some(isThere));
  expect(
    shown.filter((one) => !isThere(one) && !wanted.includes(one)),
    told,
  ).toEqual([]);
}

const placeText = (path: Path): string =>
  path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');

/** Names and keys of items: another one is another object or item. */
function isIdentity(path: Path): boolean {
  return (
    path.length === 1 ||
    (path.length === 2 && path[0] === 'metadata' && ['name', 'namespace'].includes(String(path[1])))
  );
}

/** The places in which two values differ. */
function differences(a: Json | undefined, b: Json | undefined, path = ''): string[] {
  if (isObject(a) || isObject(b)) {
    const [left, right] = [isObject(a) ? a : {}, isObject(b) ? b : {}];
    return [...new Set([...Object.keys(left), ...Object.keys(right)])]
      .sort()
      .flatMap((key) => differences(left[key], right[key], `${path}.${key}`));
  }
  if (isList(a) && isList(b) && a.length === b.length) {
    return a.flatMap((item, index) => differences(item, b[index], `${path}[${index}]`));
  }
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [path];
}

/** The same object written in other words: nulls, quantities and times in other spellings. */
function inOtherWords(target: KubeObject, type: TypeOf): Json {
  return fieldsIn(target, type).reduce<Json>((said, { path, type: own }) => {
    const value = at(target, ...path);
    const reference = own.schema?.$ref ?? '';
    if (reference.endsWith('.Quantity') && value === '1501m') return withValue(said, path, '1.501');
    if (/\.(Micro)?Time$/.test(reference) && typeof value === 'string') {
      return withValue(said, path, value.replace('T03:', 'T05:').replace('Z', '+02:00'));
    }
    return isObject(value) && isStructure(own) ? withValue(said, [...path, 'notSet'], null) : said;
  }, target);
}
