// What the API server makes of workloads beside their templates.

import { type Json, type JsonObject, objectAt, sameJson, textAt } from '../../core/json.ts';
import { type Draft, present, within } from '../../objects/draft.ts';
import { TEMPLATE_GENERATION } from '../../objects/template-generation.ts';
import { badRequest } from '../status.ts';
import type { PrepareContext } from './context.ts';

/** A DaemonSet counts the changes of its template, where clients of old look for that: who does not say how many, says none. */
export function tellGeneration(object: Draft): void {
  const annotations = within(within(object, 'metadata'), 'annotations');
  const given = String(annotations[TEMPLATE_GENERATION] ?? '0');
  if (!/^[+-]?\d+$/.test(given)) {
    const why = `strconv.ParseInt: parsing ${JSON.stringify(given)}: invalid syntax`;
    throw badRequest(`DaemonSet in version "v1" cannot be handled as a DaemonSet: ${why}`);
  }
  annotations[TEMPLATE_GENERATION] = String(Number(given));
}

function countTemplate(object: Draft, before?: JsonObject): void {
  const of = (set?: JsonObject): number => Number(textAt(set, 'metadata', 'annotations', TEMPLATE_GENERATION) || 0);
  const templateOf = (set: JsonObject): Json => objectAt(set, 'spec', 'template');
  const isSame = before !== undefined && sameJson(templateOf(object), templateOf(before));
  const first = Math.max(of(object), 1);
  const next = before === undefined ? first : of(before) + (isSame ? 0 : 1);
  within(within(object, 'metadata'), 'annotations')[TEMPLATE_GENERATION] = String(next);
}

export function prepareDaemonSet(object: Draft, { before, settings }: PrepareContext): void {
  if ((settings.subresource ?? '') === '') {
    countTemplate(object, before);
    return;
  }
  const old = textAt(before, 'metadata', 'annotations', TEMPLATE_GENERATION);
  if (old !== '') within(within(object, 'metadata'), 'annotations')[TEMPLATE_GENERATION] = old;
}

/** How many Pods of a StatefulSet may be away is not enabled. */
export function dropMaxUnavailable(object: Draft): void {
  const update = present(present(present(object, 'spec'), 'updateStrategy'), 'rollingUpdate');
  if (update) delete update['maxUnavailable'];
}

const SNAPSHOTS = 'snapshot.storage.k8s.io';

/** What a claim starts with has two fields, which say the same; what neither can hold is left out. */
export function alignSources(object: Draft, before: JsonObject | undefined): void {
  const spec = within(object, 'spec');
  const { dataSource, dataSourceRef } = objectAt(before, 'spec');
  const [source, reference] = [present(spec, 'dataSource'), present(spec, 'dataSourceRef')];
  // What was let in before stays.
  if (reference && !dataSourceRef && (reference['namespace'] ?? '') !== '') delete spec['dataSourceRef'];
  const isFree = !dataSource && !dataSourceRef && !present(spec, 'dataSourceRef');
  if (source && isFree && !isKnownSource(source)) delete spec['dataSource'];
  const [own, other] = [present(spec, 'dataSource'), present(spec, 'dataSourceRef')];
  if (own && !other) spec['dataSourceRef'] = { ...own };
  const { namespace: _namespace, ...plain } = other ?? {};
  if (other && !own) spec['dataSource'] = plain;
}

function isKnownSource({ apiGroup, kind }: Draft): boolean {
  const group = apiGroup ?? '';
  return (group === '' && kind === 'PersistentVolumeClaim') || (group === SNAPSHOTS && kind === 'VolumeSnapshot');
}
