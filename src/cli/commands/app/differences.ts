// What separates the live objects of an application from those that Git (or another revision of it) wants.

import { type ApplicationTarget, getManifests, managedResources } from '../../../api/applications.ts';
import { isObject, type JsonObject, sameJson, textAt } from '../../../core/json.ts';
import type { ManagedResource } from '../../../model/resource.ts';
import { type ObjectDifference, renderDifferences } from '../../../render/differences.ts';
import type { Context } from '../../context.ts';
import { externalDiff } from './external-diff.ts';
import { carryOver } from './three-way.ts';

export interface Comparison {
  readonly target: ApplicationTarget;
  readonly revision?: string | undefined;
  readonly revisions?: readonly string[] | undefined;
  readonly sourcePositions?: readonly number[] | undefined;
}

/** Every object that differs, sorted. */
export async function findDifferences(comparison: Comparison, context: Context): Promise<ObjectDifference[]> {
  const { client } = await context.connect();
  const { name, appNamespace } = comparison.target;
  const answer = await client.call(managedResources, { applicationName: name, appNamespace });
  const managed = (answer.items ?? []).filter((item) => !item.hook).map(pairOf);
  const pairs = hasRevision(comparison) ? await atRevision(managed, comparison, context) : managed;
  return pairs.filter(({ live, target }) => !sameJson(live, target)).sort((a, b) => (titleOf(a) < titleOf(b) ? -1 : 1));
}

const hasRevision = ({ revision, revisions }: Comparison): boolean =>
  revision !== undefined || (revisions?.length ?? 0) > 0;

const titleOf = ({ group, kind, namespace, name }: ObjectDifference): string => `${group}/${kind}/${namespace}/${name}`;

interface Pair extends ObjectDifference {
  /** What Git says now, before defaults. */
  readonly wanted: JsonObject | undefined;
}

function pairOf(item: ManagedResource): Pair {
  const { group = '', kind = '', namespace = '', name = '' } = item;
  const live = readState(item.normalizedLiveState) ?? readState(item.liveState);
  const wanted = readState(item.targetState);
  const target = wanted && (readState(item.predictedLiveState) ?? wanted);
  return { group, kind, namespace, name, live, target, wanted };
}

/** The states travel as texts; an absent one is 'null' or ''. */
function readState(text: string | undefined): JsonObject | undefined {
  if (!text || text === 'null') return undefined;
  const state: unknown = JSON.parse(text);
  return isObject(state) ? state : undefined;
}

/** The same pairs as another revision would have them. */
async function atRevision(managed: readonly Pair[], comparison: Comparison, context: Context): Promise<Pair[]> {
  const { client } = await context.connect();
  const { target, revision, revisions, sourcePositions } = comparison;
  const { manifests } = await client.call(getManifests, { ...target, revision, revisions, sourcePositions });
  const pairs = new Map(managed.map((pair) => [keyOf(pair.kind, pair.group, pair.name), pair]));
  const found: Pair[] = [];
  for (const text of manifests ?? []) {
    const wanted = readState(text);
    if (!wanted) continue;
    const [group = '', kind, name] = [groupOf(wanted), textAt(wanted, 'kind'), textAt(wanted, 'metadata', 'name')];
    const key = keyOf(kind, group, name);
    const known = pairs.get(key);
    pairs.delete(key);
    const namespace = known?.namespace ?? textAt(wanted, 'metadata', 'namespace');
    found.push({ group, kind, namespace, name, wanted, live: known?.live, target: targetAt(known, wanted) });
  }
  const gone = [...pairs.values()].map((pair) => ({ ...pair, target: undefined, wanted: undefined }));
  return [...found, ...gone.filter((pair) => pair.live !== undefined)];
}

/** What the cluster would hold: the change between two revisions, made to what it holds for the one. */
function targetAt(known: Pair | undefined, wanted: JsonObject): JsonObject {
  if (!known?.live || !known.wanted || !known.target) return wanted;
  const carried = carryOver(known.wanted, wanted, known.target);
  return isObject(carried) ? carried : wanted;
}

const keyOf = (kind: string, group: string, name: string): string => `${group}/${kind}/${name}`;

function groupOf(object: JsonObject): string {
  const version = textAt(object, 'apiVersion');
  return version.includes('/') ? (version.split('/')[0] ?? '') : '';
}

/** By the program that the environment names, or by our own view. */
export async function showDifferences(differences: readonly ObjectDifference[], context: Context): Promise<void> {
  const program = context.env['KUBECTL_EXTERNAL_DIFF'] ?? context.policy.diffProgram;
  if (program) {
    context.io.out.write(await externalDiff(differences, program, context));
    return;
  }
  const { style } = await context.view();
  context.io.out.write(await renderDifferences(differences, style));
}
