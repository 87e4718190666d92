// What separates the live objects of an application from those that Git (or another revision of it, or a folder here)
// wants.

import type { ApplicationTarget } from '../../../../api/applications.ts';
import { computeDifferences } from '../../../../api/differences.ts';
import { getManifests } from '../../../../api/revisions.ts';
import { isObject, type Json, type JsonObject, objectAt, sameJson, textAt } from '../../../../core/json.ts';
import type { Application } from '../../../../model/application.ts';
import { isHook, isSecret } from '../../../../model/manifest.ts';
import type { ManagedResource } from '../../../../model/resource.ts';
import type { SentFiles } from '../../../../model/sent-files.ts';
import type { ObjectDifference } from '../../../../render/object-difference.ts';
import type { Context } from '../../../context.ts';
import { type LocalChoice, localManifests, tracked, trackingOf, withTracking } from '../../../input/local-manifests.ts';
import { managedBy } from './managed.ts';
import { carryOver } from './three-way.ts';

export interface Comparison {
  readonly target: ApplicationTarget;
  readonly revision?: string;
  readonly revisions?: readonly string[];
  readonly sourcePositions?: readonly number[];
  /** Instead of what Git says. */
  readonly local?: LocalChoice & { readonly application: Application };
  /** Found by a server of ours: by dry runs in the cluster, or from files that are sent along. */
  readonly byServer?: { readonly dryRun: boolean; readonly files?: SentFiles };
}

/** Every object that differs, sorted. */
export async function findDifferences(comparison: Comparison, context: Context): Promise<ObjectDifference[]> {
  const pairs = comparison.byServer ? await pairsOfServer(comparison, context) : await ownPairs(comparison, context);
  return pairs.filter(({ live, target }) => !sameJson(live, target)).sort((a, b) => (titleOf(a) < titleOf(b) ? -1 : 1));
}

async function ownPairs(comparison: Comparison, context: Context): Promise<readonly Pair[]> {
  const { name, appNamespace } = comparison.target;
  const items = await managedBy({ applicationName: name, appNamespace }, context);
  const managed = items.filter((item) => !item.hook).map(pairOf);
  const targets = await wantedObjects(comparison, managed, context);
  return targets ? withTargets(managed, targets) : managed;
}

async function pairsOfServer(comparison: Comparison, context: Context): Promise<readonly Pair[]> {
  const { client } = await context.connect();
  const { target, revision, revisions, sourcePositions, byServer } = comparison;
  const { name: applicationName, appNamespace } = target;
  const query = { applicationName, appNamespace, revision, revisions, sourcePositions, ...byServer };
  const { items } = await client.call(computeDifferences, query);
  return (items ?? []).filter((item) => !item.hook).map(pairOf);
}

const titleOf = ({ group, kind, namespace, name }: ObjectDifference): string => `${group}/${kind}/${namespace}/${name}`;

interface Pair extends ObjectDifference {
  /** What Git says now, before defaults. */
  readonly declared: JsonObject | undefined;
}

function pairOf(item: ManagedResource): Pair {
  const { group = '', kind = '', namespace = '', name = '' } = item;
  const live = readState(item.normalizedLiveState) ?? readState(item.liveState);
  const declared = readState(item.targetState);
  const target = declared && (readState(item.predictedLiveState) ?? declared);
  return { group, kind, namespace, name, live, target, declared: declared };
}

/** The states travel as texts; an absent one is 'null' or ''. */
function readState(text: string | undefined): JsonObject | undefined {
  if (!text || text === 'null') return undefined;
  const state: unknown = JSON.parse(text);
  return isObject(state) ? state : undefined;
}

/** What another revision, or a folder, would have; undefined where what the server compared with is meant. */
async function wantedObjects(
  { target, revision, revisions, sourcePositions, local }: Comparison,
  managed: readonly Pair[],
  context: Context,
): Promise<readonly JsonObject[] | undefined> {
  if (local) {
    const rendered = await localManifests(local.application, local, context);
    if (rendered.some(({ object }) => isSecret(object))) {
      context.say('no server tells the values of Secrets: only their keys are compared with the files');
    }
    return rendered
      .filter(({ object }) => !isHook(object))
      .map(({ object, namespace }) => {
        const metadata = { ...objectAt(object, 'metadata'), ...(namespace === '' ? {} : { namespace }) };
        const placed = { ...object, metadata };
        const declared = findPair(managed, placed)?.declared;
        const marked = declared
          ? likeTracked(placed, trackingOf(declared))
          : tracked({ object: placed, namespace }, target.name);
        return isSecret(marked) ? masked(marked, declared) : marked;
      });
  }
  if (revision === undefined && !revisions?.length) return undefined;
  const { client } = await context.connect();
  const { manifests } = await client.call(getManifests, { ...target, revision, revisions, sourcePositions });
  return (manifests ?? []).flatMap((text) => {
    const state = readState(text);
    return state && !isHook(state) ? [state] : [];
  });
}

/** A server may track by a label, which then is no annotation of ours to add. */
const likeTracked = (object: JsonObject, id: string): JsonObject => (id === '' ? object : withTracking(object, id));

const MASK = '++++++++';

/** The server does not tell the values of Secrets, so only their keys can be compared. */
function masked(secret: JsonObject, live: JsonObject | undefined): JsonObject {
  const { stringData: _texts, data: _data, ...rest } = secret;
  const masks: Record<string, Json> = {};
  for (const key of [...Object.keys(objectAt(secret, 'data')), ...Object.keys(objectAt(secret, 'stringData'))]) {
    masks[key] = textAt(live, 'data', key) || textAt(live, 'stringData', key) || MASK;
  }
  return Object.keys(masks).length === 0 ? rest : { ...rest, data: masks };
}

/** The same pairs as they would be with these targets. */
function withTargets(managed: readonly Pair[], objects: readonly JsonObject[]): Pair[] {
  const met = new Set<Pair>();
  // What is declared twice is what it is declared as last.
  const pairs = new Map<string, Pair>();
  for (const object of objects) {
    const managedPair = findPair(managed, object);
    if (managedPair) met.add(managedPair);
    const declared = managedPair ? inNamespace(object, managedPair.namespace) : object;
    const { group, kind, name, namespace } = managedPair ?? identityOf(declared);
    const pair = {
      group,
      kind,
      namespace,
      name,
      declared,
      live: managedPair?.live,
      target: targetAt(managedPair, declared),
    };
    pairs.set(titleOf(pair), pair);
  }
  const gone = managed.filter((pair) => !met.has(pair) && pair.live !== undefined);
  return [...pairs.values(), ...gone.map((pair) => ({ ...pair, target: undefined, wanted: undefined }))];
}

/** An object in the namespace that it gets, '' for a kind without one, whatever it says itself. */
function inNamespace(object: JsonObject, namespace: string): JsonObject {
  const { namespace: _own, ...metadata } = objectAt(object, 'metadata');
  return { ...object, metadata: namespace === '' ? metadata : { ...metadata, namespace } };
}

/** What the cluster would hold: the change between two targets, made to what it holds for the one. */
function targetAt(pair: Pair | undefined, declared: JsonObject): JsonObject {
  if (!pair?.live || !pair.declared || !pair.target) return declared;
  const carried = carryOver(pair.declared, declared, pair.target);
  return isObject(carried) ? carried : declared;
}

/** A manifest may leave its namespace out, or name one for a kind that has none; then the name alone tells which it is. */
function findPair(managed: readonly Pair[], object: JsonObject): Pair | undefined {
  const { group, kind, name, namespace } = identityOf(object);
  const same = managed.filter((pair) => pair.group === group && pair.kind === kind && pair.name === name);
  const other = (pair: Pair): boolean => namespace === '' || pair.namespace === '';
  return same.find((pair) => pair.namespace === namespace) ?? same.find(other);
}

function identityOf(object: JsonObject): Pick<ObjectDifference, 'group' | 'kind' | 'namespace' | 'name'> {
  const version = textAt(object, 'apiVersion');
  return {
    group: version.includes('/') ? (version.split('/')[0] ?? '') : '',
    kind: textAt(object, 'kind'),
    namespace: textAt(object, 'metadata', 'namespace'),
    name: textAt(object, 'metadata', 'name'),
  };
}
