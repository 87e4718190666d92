// Every Application of a repository rendered at two revisions, and what differs.

import { asHawserError, HawserError, messageOf } from '../../core/errors.ts';
import { type JsonObject, sameJson, textAt } from '../../core/json.ts';
import type { Application } from '../../model/application.ts';
import type { ApplicationDifference, RenderFailure } from '../../render/application-differences.ts';
import type { ObjectDifference } from '../../render/object-difference.ts';
import { applicationKey, type Discovery, discoverApplications, isOfKind, readApplication } from './discovery.ts';
import type { RenderedObject } from './offline.ts';
import { type RenderingContext, type RepositoryState, renderApplication } from './rendering.ts';

interface RenderedApplication {
  readonly app: Application;
  readonly document: JsonObject;
  /** The file, or the application that deploys this one. */
  readonly origin: string;
  readonly isChild: boolean;
  readonly objects: readonly RenderedObject[];
  readonly failure?: HawserError;
}

export interface RenderedState {
  readonly applications: readonly RenderedApplication[];
  readonly discovery: Discovery;
}

/** The Applications of a commit with what they render to, and those that they deploy, one level deep. */
export async function renderState(
  state: RepositoryState,
  folders: readonly string[],
  context: RenderingContext,
): Promise<RenderedState> {
  const discovery = await discoverApplications(await context.offline.files(state.commit), folders);
  const render = async (one: Unrendered): Promise<RenderedApplication> => {
    if (one.failure) return { ...one, objects: [] };
    try {
      return { ...one, objects: await renderApplication(one.app, state, context) };
    } catch (thrown) {
      return { ...one, objects: [], failure: asHawserError(thrown) };
    }
  };
  const inFiles = await Promise.all(
    discovery.applications.map(({ app, document, path }) => render({ app, document, origin: path, isChild: false })),
  );
  const names = new Set(inFiles.map(({ app }) => applicationKey(app)));
  const children = inFiles.flatMap(childrenOf).filter(({ app }) => !names.has(applicationKey(app)));
  return { applications: [...inFiles, ...(await Promise.all(children.map(render)))], discovery };
}

type Unrendered = Omit<RenderedApplication, 'objects'>;

function childrenOf({ app, objects }: RenderedApplication): readonly Unrendered[] {
  const origin = `application ${app.metadata.name}`;
  return objects.flatMap(({ object, namespace }) => {
    if (!isOfKind(object, 'Application')) return [];
    try {
      const child = readApplication(object);
      const metadata = { ...child.metadata, namespace: child.metadata.namespace ?? namespace };
      return [{ app: { ...child, metadata }, document: object, origin, isChild: true }];
    } catch (thrown) {
      const unreadable = { metadata: { name: textAt(object, 'metadata', 'name'), namespace }, spec: NOTHING };
      const failure = new HawserError('invalid', messageOf(thrown));
      return [{ app: unreadable, document: object, origin, isChild: true, failure }];
    }
  });
}

const NOTHING = { destination: {}, project: '' };

/** One entry an application of either state, in the order of their names; then the files that cannot be read. */
export function compareStates(base: RenderedState, head: RenderedState): readonly ApplicationDifference[] {
  const [before, after] = [byName(base), byName(head)];
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  const applications = names.flatMap((name) =>
    pairsOf(before.get(name) ?? [], after.get(name) ?? []).map((pair) => compareApplication(name, ...pair)),
  );
  return [...applications, ...unreadableFiles(base, head)];
}

function byName({ applications }: RenderedState): ReadonlyMap<string, readonly RenderedApplication[]> {
  const names = new Map<string, RenderedApplication[]>();
  for (const one of applications) {
    const name = applicationKey(one.app);
    names.set(name, [...(names.get(name) ?? []), one]);
  }
  return names;
}

type Side = RenderedApplication | undefined;

/** A name that several have, as in folders of several clusters, is told apart by the file. */
function pairsOf(
  base: readonly RenderedApplication[],
  head: readonly RenderedApplication[],
): readonly (readonly [Side, Side])[] {
  if (base.length <= 1 && head.length <= 1) return [[base[0], head[0]]];
  const at = (side: readonly RenderedApplication[], origin: string): Side => side.find((one) => one.origin === origin);
  const origins = [...new Set([...base, ...head].map(({ origin }) => origin))].sort();
  return origins.map((origin) => [at(base, origin), at(head, origin)]);
}

function unreadableFiles(base: RenderedState, head: RenderedState): readonly ApplicationDifference[] {
  const problems = [
    ...base.discovery.problems.map((problem) => ({ ...problem, side: 'base' as const })),
    ...head.discovery.problems.map((problem) => ({ ...problem, side: 'head' as const })),
  ];
  return [...new Set(problems.map(({ path }) => path))].sort().map((path) => ({
    name: path,
    origin: path,
    change: 'failed',
    failures: problems
      .filter((problem) => problem.path === path)
      .map(({ side, message }) => ({ side, message, hint: undefined })),
    differences: [],
  }));
}

function compareApplication(key: string, base: Side, head: Side): ApplicationDifference {
  const name = key.replace(/^argocd\//, '');
  const origin = head?.origin ?? base?.origin ?? '';
  const failures = [failureOf('base', base), failureOf('head', head)].flatMap((failure) => failure ?? []);
  if (failures.length > 0) return { name, origin, change: 'failed', failures, differences: specDifference(base, head) };
  const differences = [...specDifference(base, head), ...objectDifferences(base?.objects ?? [], head?.objects ?? [])];
  const change = !base ? 'added' : !head ? 'removed' : differences.length > 0 ? 'changed' : 'unchanged';
  return { name, origin, change, failures, differences };
}

const failureOf = (side: RenderFailure['side'], rendered: Side): RenderFailure | undefined =>
  rendered?.failure && { side, message: rendered.failure.message, hint: rendered.failure.hint };

/** The Application itself; of one that another deploys, it stands among the objects of that one. */
function specDifference(base: Side, head: Side): readonly ObjectDifference[] {
  if (!base || !head || head.isChild || sameJson(base.document, head.document)) return [];
  const { name, namespace = '' } = head.app.metadata;
  return [{ group: 'argoproj.io', kind: 'Application', namespace, name, live: base.document, target: head.document }];
}

function objectDifferences(
  base: readonly RenderedObject[],
  head: readonly RenderedObject[],
): readonly ObjectDifference[] {
  const [before, after] = [byIdentity(base), byIdentity(head)];
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((key) => {
    const [live, target] = [before.get(key), after.get(key)];
    if (sameJson(live?.object, target?.object)) return [];
    const { object, namespace } = target ?? live ?? {};
    return [
      {
        ...kindOf(object),
        namespace: namespace ?? '',
        name: nameOf(object),
        live: live?.object,
        target: target?.object,
      },
    ];
  });
}

/** Of what is declared twice the last counts; objects whose names the cluster makes up are told apart by their order. */
function byIdentity(objects: readonly RenderedObject[]): ReadonlyMap<string, RenderedObject> {
  const identities = new Map<string, RenderedObject>();
  for (const one of objects) {
    const { group, kind } = kindOf(one.object);
    const key = [group, kind, one.namespace, nameOf(one.object)].join('/');
    const isGenerated = textAt(one.object, 'metadata', 'name') === '';
    let number = 1;
    while (isGenerated && identities.has(`${key}#${number}`)) number += 1;
    identities.set(isGenerated ? `${key}#${number}` : key, one);
  }
  return identities;
}

function kindOf(object: JsonObject | undefined): { readonly group: string; readonly kind: string } {
  const version = textAt(object, 'apiVersion');
  return { group: version.includes('/') ? (version.split('/')[0] ?? '') : '', kind: textAt(object, 'kind') };
}

const nameOf = (object: JsonObject | undefined): string =>
  textAt(object, 'metadata', 'name') || textAt(object, 'metadata', 'generateName');
