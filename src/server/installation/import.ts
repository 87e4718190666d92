// Brings the objects of documents into an installation: everything is planned and tried first, then written in order.

import { type ImportAction, type ImportEvent, type ImportInstallation, pruneName } from '../../api/installation.ts';
import { asHawserError, HawserError } from '../../core/errors.ts';
import { isObject, type JsonObject, objectAt, sameJson } from '../../core/json.ts';
import { REFRESH_ANNOTATION } from '../../model/refresh.ts';
import { TRACKING_ANNOTATION } from '../../model/tracking.ts';
import type { ObjectReference, WriteOptions } from '../../objects/cluster.ts';
import {
  annotationsOf,
  type KubeObject,
  keyOf,
  keyText,
  labelsOf,
  versionOf,
  withAnnotations,
} from '../../objects/object.ts';
import { checkDocuments, refused } from './documents.ts';
import { folderAnnotations, type Installation, isSecret, KINDS, namespacesOf, objectsOf, portable } from './objects.ts';

interface Step {
  readonly action: ImportAction;
  /** The document, or what is there in its stead. */
  readonly object: KubeObject;
  readonly live?: KubeObject;
}

export async function* importObjects(
  installation: Installation,
  input: ImportInstallation,
): AsyncGenerator<ImportEvent> {
  const steps = await planImport(installation, input);
  await tryAll(installation, steps, input);
  for (const batch of batchesOf(steps)) {
    const results = await Promise.allSettled(
      batch.map(async (step) => {
        if (!input.dryRun) await perform(installation, step, input);
        return { action: step.action, ...keyOf(step.object) };
      }),
    );
    for (const result of results) if (result.status === 'fulfilled') yield result.value;
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }
}

const MOST_AT_ONCE = 16;

/** What is written at the same time is of one kind: what others refer to is there before them. */
function batchesOf(steps: readonly Step[]): readonly (readonly Step[])[] {
  const batches: Step[][] = [];
  for (const step of steps) {
    const last = batches.at(-1);
    const fits = last && last.length < MOST_AT_ONCE && last[0]?.object.kind === step.object.kind;
    if (fits) last.push(step);
    else batches.push([step]);
  }
  return batches;
}

async function planImport(installation: Installation, input: ImportInstallation): Promise<readonly Step[]> {
  const namespaces = await namespacesOf(installation, input);
  const documents = checkDocuments(input.objects, { namespace: installation.namespace, namespaces });
  const steps: Step[] = [];
  const extra: Step[] = [];
  for (const type of KINDS) {
    const existing = await objectsOf(installation, type, namespaces);
    const live = new Map(existing.map((object) => [keyText(keyOf(object)), object]));
    const own = documents.filter(({ kind }) => kind === type.kind);
    steps.push(...own.map((object) => stepFor(object, live.get(keyText(keyOf(object))), input)));
    const named = new Set(own.map((object) => keyText(keyOf(object))));
    const unnamed = existing.filter((object) => !named.has(keyText(keyOf(object))) && mayGo(object, input));
    // Documents without Secrets were exported without them.
    if (type.kind !== 'Secret' || own.length > 0) extra.push(...unnamed.map((object) => goingStep(object, input)));
  }
  return [...steps, ...extra.reverse()];
}

function stepFor(object: KubeObject, live: KubeObject | undefined, input: ImportInstallation): Step {
  if (isSkipped(object, input) || (live && isSkipped(live, input))) return { action: 'skipped', object };
  if (!live) return { action: 'created', object: stopped(object, input) };
  const changed = changedBy(object, live, input);
  const isSame = sameJson(portable(changed, ''), portable(live, ''));
  return { action: isSame ? 'unchanged' : 'updated', object, live };
}

const goingStep = (object: KubeObject, { prune = [] }: ImportInstallation): Step => ({
  action: prune.includes(pruneName(keyOf(object))) ? 'pruned' : 'extra',
  object,
  live: object,
});

/** What an installation cannot do without never goes, and so does what is not its own. */
function mayGo(object: KubeObject, input: ImportInstallation): boolean {
  const { kind, metadata } = object;
  if (kind === 'ConfigMap' || isSkipped(object, input)) return false;
  if (kind === 'Secret') return isSecret(object, input) && !/^argocd-/.test(metadata.name ?? '');
  return kind !== 'AppProject' || metadata.name !== 'default';
}

function isSkipped(object: KubeObject, { skipLabel = '' }: ImportInstallation): boolean {
  const [key = '', ...value] = skipLabel.split('=');
  const label = key === '' ? undefined : labelsOf(object)[key];
  return label !== undefined && (value.length === 0 || label === value.join('='));
}

function stopped(object: KubeObject, { stopOperation = false }: ImportInstallation): KubeObject {
  if (!stopOperation || object.kind !== 'Application') return object;
  const { operation: _operation, ...rest } = object;
  return { ...rest, apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata };
}

/** What is there becomes what the document says; what only the cluster says of it stays. */
function changedBy(document: KubeObject, live: KubeObject, input: ImportInstallation): KubeObject {
  const { labels, annotations, finalizers } = document.metadata;
  const { labels: _labels, annotations: _annotations, finalizers: _finalizers, ...metadata } = live.metadata;
  const tracked = input.ignoreTracking ? trackingOf(live) : { labels: {}, annotations: {} };
  const texts = {
    labels: { ...labels, ...tracked.labels },
    annotations: { ...annotations, ...folderAnnotations(live), ...tracked.annotations },
  };
  const { status, operation } = live;
  const content: JsonObject = {
    ...(status === undefined ? {} : { status }),
    ...(operation === undefined ? {} : { operation }),
    ...document,
  };
  const changed = {
    ...withoutTexts(content),
    apiVersion: live.apiVersion,
    kind: live.kind,
    metadata: {
      ...metadata,
      ...(Object.keys(texts.labels).length > 0 ? { labels: texts.labels } : {}),
      ...(Object.keys(texts.annotations).length > 0 ? { annotations: texts.annotations } : {}),
      ...(finalizers && finalizers.length > 0 ? { finalizers } : {}),
    },
  };
  return stopped(toBeRefreshed(changed, input), input);
}

/** A status that was true in another cluster is looked at again before anybody believes it. */
function toBeRefreshed(object: KubeObject, { asReference = false }: ImportInstallation): KubeObject {
  const isDue = object.kind === 'Application' && isObject(object['status']) && !asReference;
  return isDue ? withAnnotations(object, { [REFRESH_ANNOTATION]: 'normal' }) : object;
}

/** The texts of a Secret as its cluster keeps them. */
function withoutTexts({ stringData, ...content }: JsonObject): JsonObject {
  if (!isObject(stringData)) return content;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(String(text)).toString('base64')]);
  return { ...content, data: { ...objectAt(content, 'data'), ...Object.fromEntries(encoded) } };
}

const TRACKING_LABELS = ['app.kubernetes.io/instance', 'argocd.argoproj.io/instance'];

type Texts = Readonly<Record<string, string>>;

function trackingOf(live: KubeObject): { readonly labels: Texts; readonly annotations: Texts } {
  const among = (texts: Texts, keys: readonly string[]): Texts =>
    Object.fromEntries(Object.entries(texts).filter(([key]) => keys.includes(key)));
  return {
    labels: among(labelsOf(live), TRACKING_LABELS),
    annotations: among(annotationsOf(live), [TRACKING_ANNOTATION]),
  };
}

/** The cluster looks at everything without keeping it, so that what it refuses is known before anything is written. */
async function tryAll(installation: Installation, steps: readonly Step[], input: ImportInstallation): Promise<void> {
  await checkNamespace(installation);
  const problems: string[] = [];
  const attempt = async (step: Step): Promise<void> => {
    try {
      await write(installation, step, { ...input, dryRun: true });
    } catch (thrown) {
      const { code, message } = asHawserError(thrown);
      if (code !== 'invalid' && code !== 'not-found' && code !== 'already-exists') throw thrown;
      problems.push(`${placeOf(step.object)}: ${message}`);
    }
  };
  for (const batch of batchesOf(steps)) await Promise.all(batch.map(attempt));
  if (problems.length > 0) throw refused(problems);
}

/** One sentence in place of one for each object. Who may not ask is told by what comes after. */
async function checkNamespace({ home, namespace }: Installation): Promise<void> {
  const reference = { group: '', version: 'v1', kind: 'Namespace', name: namespace };
  const isKnown = await home.get(reference).then(
    (found) => found !== undefined,
    () => true,
  );
  if (isKnown) return;
  throw new HawserError('not-found', `nothing was imported: there is no namespace '${namespace}'`, {
    hint: `kubectl create namespace ${namespace}`,
  });
}

const placeOf = ({ kind, metadata }: KubeObject): string => `${kind} ${metadata.namespace}/${metadata.name}`;

async function perform(installation: Installation, step: Step, input: ImportInstallation): Promise<void> {
  try {
    if (step.action === 'pruned') await removeObject(installation, step.object);
    else await write(installation, step, input);
  } catch (thrown) {
    const error = asHawserError(thrown);
    throw error.with({ message: `${placeOf(step.object)}: ${error.message}` });
  }
}

async function write(installation: Installation, step: Step, input: ImportInstallation): Promise<void> {
  const { home } = installation;
  const { action, object, live } = step;
  const options: WriteOptions = { dryRun: input.dryRun ?? false };
  if (action === 'created')
    await orOver(() => home.create(toBeRefreshed(object, input), options), installation, { step, input });
  if (action === 'updated' && live)
    await orOver(() => home.update(changedBy(object, live, input), options), installation, { step, input });
}

interface Writing {
  readonly step: Step;
  readonly input: ImportInstallation;
}

const MOST_TRIES = 5;

/** Writes over what somebody else wrote meanwhile, where that was asked for. */
async function orOver(
  attempt: () => Promise<unknown>,
  { home }: Installation,
  { step: { object }, input }: Writing,
): Promise<void> {
  for (let tries = 1, next = attempt; ; tries += 1) {
    try {
      await next();
      return;
    } catch (thrown) {
      const { code } = asHawserError(thrown);
      const isMeanwhile = code === 'conflict' || code === 'already-exists';
      if (!isMeanwhile || !input.overrideOnConflict || tries >= MOST_TRIES) throw meanwhile(thrown, isMeanwhile);
      const live = await home.get(referenceOf(object));
      const options = { dryRun: input.dryRun ?? false };
      next = () => (live ? home.update(changedBy(object, live, input), options) : home.create(object, options));
    }
  }
}

function meanwhile(thrown: unknown, isMeanwhile: boolean): unknown {
  if (!isMeanwhile || !(thrown instanceof HawserError)) return thrown;
  return thrown.with({ hint: 'write it all the same: --override-on-conflict' });
}

const referenceOf = ({ apiVersion, ...rest }: KubeObject): ObjectReference => ({
  ...keyOf({ apiVersion, ...rest }),
  version: versionOf(apiVersion),
});

/** By its finalizers an Application would take what it deployed with it. */
async function removeObject({ home }: Installation, object: KubeObject): Promise<void> {
  const reference = referenceOf(object);
  const { uid, finalizers = [] } = object.metadata;
  if (finalizers.length > 0)
    await home.patch(reference, { type: 'merge', body: { metadata: { uid: uid ?? null, finalizers: null } } });
  await home.delete(reference, uid === undefined ? {} : { uid });
}
