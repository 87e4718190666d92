// Whether a live object is what Git says, and what an apply would make of it.

import { matchesGlob } from '../../core/glob.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ResourceIgnoreDifferences } from '../../model/application.ts';
import { isKubeObject, type KubeObject, keyOf } from '../../objects/object.ts';
import type { TypeOf } from '../../objects/schema.ts';
import { mergeThreeWay } from './merge.ts';
import { lastApplied, sameState, withoutClusterFields, withoutPointer } from './normalise.ts';

export interface CompareRules {
  readonly ignoreDifferences: readonly ResourceIgnoreDifferences[];
  readonly typeOf: (object: KubeObject) => TypeOf;
  /** Fills in what the API server would, so that an omitted default is no difference. */
  readonly withDefaults: (object: KubeObject) => KubeObject;
}

export interface Comparison {
  readonly modified: boolean;
  /** The live state without what is not compared; undefined when there is none. */
  readonly normalizedLive: KubeObject | undefined;
  /** The live state after an apply; undefined when the target is gone. */
  readonly predictedLive: KubeObject | undefined;
}

/** A missing live object is always modified; a missing target never is (it may need pruning, which is another question). */
export function compareStates(
  target: KubeObject | undefined,
  live: KubeObject | undefined,
  rules: CompareRules,
): Comparison {
  if (!target) {
    const normalizedLive = live && withoutClusterFields(live);
    return { modified: false, normalizedLive, predictedLive: undefined };
  }
  if (!live) return { modified: true, normalizedLive: undefined, predictedLive: withoutClusterFields(target) };
  const ignored = ignoredPointers(target, rules.ignoreDifferences);
  const clean = (object: KubeObject): KubeObject => withoutPointers(withoutClusterFields(object), ignored);
  const before = clean(live);
  const wanted = withoutNamespace(clean(target));
  const last = lastApplied(live);
  const merged = mergeThreeWay(
    { live: before, target: wanted, last: last && withoutNamespace(clean(last)) },
    rules.typeOf(target),
  );
  const normalizedLive = rules.withDefaults(before);
  const predictedLive = rules.withDefaults(isKubeObject(merged) ? merged : before);
  return { modified: !sameState(normalizedLive, predictedLive), normalizedLive, predictedLive };
}

/** An object without the fields in which differences are to be ignored. */
export function withoutIgnored(object: KubeObject, rules: readonly ResourceIgnoreDifferences[]): KubeObject {
  return withoutPointers(object, ignoredPointers(object, rules));
}

/** The pointers to ignore in one object; group and kind are globs, an empty group is the core group alone. */
function ignoredPointers(object: KubeObject, rules: readonly ResourceIgnoreDifferences[]): readonly string[] {
  const { group, kind, namespace, name } = keyOf(object);
  return rules
    .filter(
      (rule) =>
        matchesGlob(rule.group ?? '', group) &&
        matchesGlob(rule.kind, kind) &&
        (!rule.name || rule.name === name) &&
        (!rule.namespace || rule.namespace === namespace),
    )
    .flatMap((rule) => [...(rule.jsonPointers ?? []), ...(rule.jqPathExpressions ?? []).flatMap(pointerOfPath)]);
}

/** The plain paths of jq (`.spec.replicas`, `.metadata.annotations["a/b"]`) as a pointer; others are not understood yet. */
function pointerOfPath(expression: string): readonly string[] {
  if (!/^(\.[A-Za-z_]\w*|\.?\["[^"]+"\]|\.?\[\d+\])+$/.test(expression)) return [];
  const steps = [...expression.matchAll(/\.([A-Za-z_]\w*)|\["([^"]+)"\]|\[(\d+)\]/g)];
  return [
    steps
      .map(
        ([, field, quoted, index]) =>
          `/${(field ?? quoted ?? index ?? '').replaceAll('~', '~0').replaceAll('/', '~1')}`,
      )
      .join(''),
  ];
}

function withoutPointers(object: KubeObject, pointers: readonly string[]): KubeObject {
  const changed = pointers.reduce<JsonObject>((root, pointer) => withoutPointer(root, pointer), object);
  return isKubeObject(changed) ? changed : object;
}

/** A manifest without a namespace gets the destination's: that never shows as a difference. */
function withoutNamespace(object: KubeObject): KubeObject {
  const { namespace: _namespace, ...metadata } = object.metadata;
  return { ...object, metadata };
}
