// What is wrong with the faults that an object asks for: told at once by a warning, and by an event that stays.

import { listAt, objectAt, textAt } from '../../core/json.ts';
import { isKubeObject, type KubeObject } from '../../objects/object.ts';
import type { ResourceRequest } from '../api.ts';
import { createReconcilerClient } from '../controllers/reconciler.ts';
import { recordEvent } from '../events/record.ts';
import { isOn } from '../query.ts';
import type { KubeResponse } from '../request.ts';
import { withWarnings } from '../response.ts';
import { FAULT_ANNOTATION } from './annotation.ts';
import { RECORDS_NAMESPACE } from './api-faults.ts';
import { mayStandOn } from './of.ts';
import { type Fault, parseFaults } from './parse.ts';
import { type FaultName, rowOf } from './table.ts';

/** The answer to a write, with a warning of each fault that will not happen. */
export async function withFaultWarnings(call: ResourceRequest, response: KubeResponse): Promise<KubeResponse> {
  const { body } = response;
  if (response.status >= 300 || call.path.subresource !== '' || call.request.method === 'DELETE') return response;
  if (!isKubeObject(body)) return response;
  const problems = faultProblems(body);
  if (problems.length === 0) return response;
  if (!isOn(call.request.query, 'dryRun') && call.request.query.get('dryRun') !== 'All') {
    const client = createReconcilerClient(call.api, 'hawser');
    for (const message of problems) {
      recordEvent(
        client,
        body,
        { type: 'Warning', reason: 'UnknownFault', message, component: 'hawser' },
        { once: true },
      );
    }
  }
  return withWarnings(response, problems);
}

/** One place of an object where a Pod's or a Job's metadata stand. */
interface Carrier {
  readonly apiVersion: string;
  readonly kind: string;
  readonly where: string;
  readonly metadata: unknown;
  /** Of a Pod. */
  readonly spec: unknown;
}

const TEMPLATES = [
  { path: ['spec', 'template'], apiVersion: 'v1', kind: 'Pod' },
  { path: ['spec', 'jobTemplate'], apiVersion: 'batch/v1', kind: 'Job' },
  { path: ['spec', 'jobTemplate', 'spec', 'template'], apiVersion: 'v1', kind: 'Pod' },
] as const;

function faultProblems(object: KubeObject): string[] {
  const places = [object, ...TEMPLATES.map(({ path }) => objectAt(object, ...path))];
  if (!places.some(namesFaults)) return [];
  const { apiVersion, kind, metadata } = object;
  const own: Carrier = { apiVersion, kind, where: 'metadata', metadata, spec: object['spec'] };
  const template = TEMPLATES.find(({ path }) => hasAnnotations(objectAt(object, ...path)));
  const carriers = TEMPLATES.map(({ path, ...type }) => {
    const part = objectAt(object, ...path);
    return { ...type, where: `${path.join('.')}.metadata`, metadata: part['metadata'], spec: part['spec'] };
  });
  const templateAt = template ?? TEMPLATES.find(({ path }) => Object.keys(objectAt(object, ...path)).length > 0);
  const inTemplate = templateAt ? `${templateAt.path.join('.')}.metadata.annotations` : undefined;
  return [own, ...carriers].flatMap((carrier) => problemsOf(carrier, inTemplate));
}

const namesFaults = (part: unknown): boolean =>
  Object.keys(objectAt(part, 'metadata', 'annotations')).some((key) => key.startsWith(FAULT_ANNOTATION)) ||
  textAt(part, 'metadata', 'labels', FAULT_ANNOTATION) !== '';

const hasAnnotations = (part: unknown): boolean => Object.keys(objectAt(part, 'metadata', 'annotations')).length > 0;

function problemsOf(carrier: Carrier, inTemplate: string | undefined): string[] {
  const annotations = objectAt(carrier.metadata, 'annotations');
  const wrongKeys = Object.keys(annotations)
    .filter((key) => key.startsWith(FAULT_ANNOTATION) && key !== FAULT_ANNOTATION)
    .map((key) => `unknown annotation "${key}": did you mean "${FAULT_ANNOTATION}"?`);
  const isLabel = textAt(carrier.metadata, 'labels', FAULT_ANNOTATION) !== '';
  const labels = isLabel ? [`"${FAULT_ANNOTATION}" is an annotation, not a label`] : [];
  const text = annotations[FAULT_ANNOTATION];
  if (typeof text !== 'string') return [...wrongKeys, ...labels];
  const { faults, problems } = parseFaults(text);
  const misplaced = faults.flatMap((fault) =>
    mayStandOn(fault.name, carrier)
      ? unfitting(fault, carrier)
      : [`fault "${fault.name}" does not belong on a ${carrier.kind}: ${placeFor(fault.name, inTemplate)}`],
  );
  return [...wrongKeys, ...labels, ...problems, ...misplaced];
}

function placeFor(name: FaultName, inTemplate: string | undefined): string {
  const { on } = rowOf(name);
  if (inTemplate !== undefined && on.includes('Pod')) return `set it in ${inTemplate}`;
  return `it belongs on ${on.join(', ')}`;
}

const API_FAULTS: readonly string[] = ['throttle', 'error', 'conflict', 'cut'];

/** What a fault names and its Pod does not have. */
function unfitting({ name, texts }: Fault, { kind, spec, metadata }: Carrier): string[] {
  if (kind === 'Namespace' && textAt(metadata, 'name') === RECORDS_NAMESPACE && API_FAULTS.includes(name)) {
    return [`fault "${name}" does not hit the namespace ${RECORDS_NAMESPACE}: Hawser keeps its own records there`];
  }
  if (kind !== 'Pod') return [];
  const namesIn = (field: string): string[] => listAt(spec, field).map((entry) => textAt(entry, 'name'));
  const containers = name === 'init-crash' ? [] : namesIn('containers');
  const candidates = [...namesIn('initContainers'), ...containers];
  const { container, volume } = texts;
  const lacks = (what: string, list: readonly string[]): string =>
    `fault "${name}": the Pod has no ${what}${list.length === 0 ? '' : `: it has ${list.join(', ')}`}`;
  if (container !== undefined && !candidates.includes(container))
    return [lacks(`container "${container}"`, candidates)];
  if (name === 'init-crash' && candidates.length === 0) return [lacks('init container', [])];
  const volumes = namesIn('volumes').filter((one) => !one.startsWith('kube-api-access-'));
  if (volume !== undefined && !volumes.includes(volume)) return [lacks(`volume "${volume}"`, volumes)];
  const policy = textAt(spec, 'restartPolicy') || 'Always';
  return name === 'fail' && policy === 'Always'
    ? ['fault "fail" is about Pods that run to their end, and this one is always restarted: use crash:times=1']
    : [];
}
