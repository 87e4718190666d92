// What `kustomize edit` would do to a kustomization, done to the object.

import { HawserError } from '../../core/errors.ts';
import { isObject, type Json, type JsonObject, listAt, objectAt, toJson } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { type KustomizeOptions, type KustomizePatch, replicaCount } from '../../model/source.ts';

/** The kustomization with the options of a source. */
export function editKustomization(before: JsonObject, options: KustomizeOptions): JsonObject {
  const edited: Record<string, Json | undefined> = { ...before };
  if (options.namePrefix) edited['namePrefix'] = options.namePrefix;
  if (options.nameSuffix) edited['nameSuffix'] = options.nameSuffix;
  if (options.namespace) edited['namespace'] = options.namespace;
  if (options.images?.length) edited['images'] = withImages(listAt(before, 'images'), options.images);
  if (options.replicas?.length) {
    const counts = options.replicas.map((replica) => {
      const count = replicaCount(replica);
      if (count !== undefined && count >= 0) return { name: replica.name, count };
      throw new HawserError(
        'invalid',
        `replicas of '${replica.name}' must be a number, not '${String(replica.count)}'`,
      );
    });
    edited['replicas'] = byName(listAt(before, 'replicas'), counts);
  }
  Object.assign(edited, withLabels(before, options), withCommonAnnotations(before, options));
  if (options.patches?.length) edited['patches'] = [...listAt(before, 'patches'), ...options.patches.map(plainPatch)];
  if (options.components?.length) {
    edited['components'] = [...new Set([...listAt(before, 'components'), ...options.components])];
  }
  return edited;
}

function withLabels(before: JsonObject, options: KustomizeOptions): JsonObject {
  const { commonLabels = {}, labelWithoutSelector, labelIncludeTemplates, forceCommonLabels } = options;
  if (Object.keys(commonLabels).length === 0) return {};
  if (!labelWithoutSelector) {
    return {
      commonLabels: joined('label', objectAt(before, 'commonLabels'), { add: commonLabels, forceCommonLabels }),
    };
  }
  const sets = listAt(before, 'labels');
  const pairs = Object.fromEntries(sets.flatMap((set) => Object.entries(objectAt(set, 'pairs'))));
  joined('label', pairs, { add: commonLabels, forceCommonLabels });
  const set = {
    pairs: commonLabels,
    includeSelectors: false,
    ...(labelIncludeTemplates ? { includeTemplates: true } : {}),
  };
  return { labels: [...sets.map((old) => withoutPairs(old, commonLabels)), set] };
}

/** A key may stand in one set of labels only. */
function withoutPairs(set: Json, conflict: Readonly<Record<string, string>>): Json {
  if (!isObject(set)) return set;
  const pairs = Object.entries(objectAt(set, 'pairs')).filter(([key]) => !Object.hasOwn(conflict, key));
  return { ...set, pairs: Object.fromEntries(pairs) };
}

function withCommonAnnotations(before: JsonObject, options: KustomizeOptions): JsonObject {
  const { commonAnnotations = {}, forceCommonAnnotations } = options;
  if (Object.keys(commonAnnotations).length === 0) return {};
  const annotations = objectAt(before, 'commonAnnotations');
  return {
    commonAnnotations: joined('annotation', annotations, {
      add: commonAnnotations,
      forceCommonLabels: forceCommonAnnotations,
    }),
  };
}

interface Addition {
  readonly add: Readonly<Record<string, string>>;
  readonly forceCommonLabels: boolean | undefined;
}

function joined(what: string, before: JsonObject, { add, forceCommonLabels: force }: Addition): JsonObject {
  const conflict = Object.keys(add).find((key) => Object.hasOwn(before, key));
  if (conflict !== undefined && !force) {
    const option = what === 'label' ? 'forceCommonLabels' : 'forceCommonAnnotations';
    throw new HawserError('invalid', `${what} '${conflict}' is already in the kustomization`, {
      hint: `set ${option} to replace it`,
    });
  }
  return { ...before, ...add };
}

function withImages(before: readonly Json[], images: readonly string[]): readonly Json[] {
  const changed = images.map((text) => {
    const image = parseImage(text);
    const old = before.find((entry) => isObject(entry) && entry['name'] === image['name']);
    const { newTag: _tag, digest: _digest, ...others } = isObject(old) ? old : {};
    const pinned = 'newTag' in image || 'digest' in image;
    // Without a tag of its own an image keeps the one that was there.
    return pinned ? { ...others, ...image } : { ...(isObject(old) ? old : {}), ...image };
  });
  return byName(before, changed);
}

/** '[name=]new[:tag|@digest]' */
function parseImage(text: string): JsonObject {
  const equals = text.indexOf('=');
  const target = text.slice(equals + 1);
  const [, place = target, , tag, digest] = /^([^@]+?)((?::([\w][\w.-]*))|@(.+))?$/.exec(target) ?? [];
  return {
    name: equals > 0 ? text.slice(0, equals) : place,
    ...(equals > 0 ? { newName: place } : {}),
    ...omitUndefined({ newTag: tag, digest }),
  };
}

/** Entries replaced by those of the same name, new ones behind. */
function byName(before: readonly Json[], changed: readonly JsonObject[]): readonly Json[] {
  const names = changed.map(({ name }) => name);
  const others = before.filter((entry) => !(isObject(entry) && names.includes(entry['name'])));
  return [...others, ...changed];
}

function plainPatch(patch: KustomizePatch): JsonObject {
  const plain = toJson(patch);
  return isObject(plain) ? plain : {};
}
