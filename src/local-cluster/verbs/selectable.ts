// What objects may be selected by, beside name and namespace: labels of fields, each with where its value stands.

import { goQuote } from '../../core/go-text.ts';
import { at, listAt, textAt } from '../../core/json.ts';
import type { FieldRequirement } from '../../objects/field-selector.ts';
import { apiVersionOf, type KubeObject } from '../../objects/object.ts';
import type { Kind } from '../kinds.ts';
import { badRequest } from '../status.ts';

type ValueOf = (object: KubeObject) => string;

/** The value at a path of the stored object; `zero` where there is none. */
function field(path: string, zero = ''): ValueOf {
  const steps = path.split('.');
  return (object) => {
    const value = at(object, ...steps);
    return value === undefined || value === null ? zero : String(value);
  };
}

const fields = (...paths: string[]): Record<string, ValueOf> =>
  Object.fromEntries(paths.map((path) => [path, field(path)]));

const REFERENCE = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

/** Of the object that an event is about. */
const about = (name: string): Record<string, ValueOf> =>
  Object.fromEntries(REFERENCE.map((part) => [`${name}.${part}`, field(`involvedObject.${part}`)]));

/** By group, version and plural: versions of one resource have names of their own. */
const SELECTABLE: Readonly<Record<string, Readonly<Record<string, ValueOf>>>> = {
  '/pods': {
    ...fields(
      'spec.nodeName',
      'spec.restartPolicy',
      'spec.schedulerName',
      'spec.serviceAccountName',
      'status.phase',
      'status.podIP',
      'status.nominatedNodeName',
    ),
    'spec.hostNetwork': field('spec.hostNetwork', 'false'),
    'status.podIPs': (pod) =>
      listAt(pod, 'status', 'podIPs')
        .map((entry) => textAt(entry, 'ip'))
        .join(','),
  },
  '/secrets': fields('type'),
  '/namespaces': fields('status.phase'),
  '/nodes': { 'spec.unschedulable': field('spec.unschedulable', 'false') },
  '/services': fields('spec.clusterIP', 'spec.type'),
  '/replicationcontrollers': { 'status.replicas': field('status.replicas', '0') },
  '/events': {
    ...about('involvedObject'),
    ...fields('reason', 'reportingComponent', 'type'),
    source: (event) => textAt(event, 'source', 'component') || textAt(event, 'reportingComponent'),
  },
  'events.k8s.io/events': {
    ...about('regarding'),
    ...fields('reason', 'type'),
    reportingController: field('reportingComponent'),
  },
  'batch/jobs': { 'status.successful': field('status.succeeded', '0') },
  'certificates.k8s.io/certificatesigningrequests': fields('spec.signerName'),
  'resource.k8s.io/resourceslices': fields('spec.nodeName', 'spec.driver'),
};

const EVERY = fields('metadata.name', 'metadata.namespace');
const NAME = fields('metadata.name');

/** Whether an object has the fields that a selector names; refuses fields that objects of the kind are not selected by. */
export function selectsFields(kind: Kind, requirements: readonly FieldRequirement[]): (object: KubeObject) => boolean {
  const own = SELECTABLE[`${kind.group}/${kind.plural}`];
  const custom = listAt(kind.custom?.version, 'selectableFields').map((entry) =>
    textAt(entry, 'jsonPath').replace(/^\./, ''),
  );
  // What belongs to no namespace may be asked for one where it has no fields of its own.
  const every = own && !kind.namespaced ? NAME : EVERY;
  const known: Readonly<Record<string, ValueOf>> = { ...every, ...own, ...fields(...custom) };
  const checks = requirements.filter(saysSomething).map(({ field: label, value, equal }) => {
    const read = Object.hasOwn(known, label) ? known[label] : undefined;
    if (!read) throw badRequest(unknownLabel(kind, label, own !== undefined));
    return (object: KubeObject): boolean => (read(object) === value) === equal;
  });
  return (object) => checks.every((check) => check(object));
}

/** A requirement of neither field nor value chooses everything. */
const saysSomething = ({ field: label, value }: FieldRequirement): boolean => label !== '' || value !== '';

function unknownLabel(kind: Kind, label: string, hasOwn: boolean): string {
  if (!hasOwn && !kind.custom)
    return `${goQuote(label)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
  if (kind.kind === 'Job') return `field label ${goQuote(label)} not supported for Job`;
  const of =
    kind.group === 'resource.k8s.io' ? ` for ${apiVersionOf(kind.group, kind.version)}, Kind=${kind.kind}` : '';
  return `field label not supported${of}: ${label}`;
}
