// The fields of each kind by which its objects may be chosen, beside their name and namespace.

import { fieldText } from '../objects/field-selector.ts';
import type { KubeObject } from '../objects/object.ts';
import type { Kind } from './kinds.ts';

/** The value of a field as text; what is not said has the value that Go's types give it. */
type FieldValue = (object: KubeObject, field: string) => string;

const plain: FieldValue = fieldText;
const truth: FieldValue = (object, field) => fieldText(object, field) || 'false';
const count: FieldValue = (object, field) => fieldText(object, field) || '0';

const EVENT_FIELDS = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

const FIELDS: Readonly<Record<string, Readonly<Record<string, FieldValue>>>> = {
  '/pods': {
    'spec.nodeName': plain,
    'spec.restartPolicy': plain,
    'spec.schedulerName': plain,
    'spec.serviceAccountName': plain,
    'spec.hostNetwork': truth,
    'status.phase': plain,
    'status.podIP': plain,
    'status.nominatedNodeName': plain,
  },
  '/secrets': { type: plain },
  '/namespaces': { 'status.phase': plain },
  '/nodes': { 'spec.unschedulable': truth },
  '/services': { 'spec.clusterIP': plain, 'spec.type': plain },
  '/replicationcontrollers': { 'status.replicas': count },
  '/events': {
    ...Object.fromEntries(EVENT_FIELDS.map((field) => [`involvedObject.${field}`, plain])),
    reason: plain,
    reportingComponent: (object) => fieldText(object, 'reportingComponent') || fieldText(object, 'reportingController'),
    source: (object) => fieldText(object, 'source.component') || fieldText(object, 'reportingComponent'),
    type: plain,
  },
  'apps/replicasets': { 'status.replicas': count },
  'batch/jobs': { 'status.successful': (object) => count(object, 'status.succeeded') },
  'certificates.k8s.io/certificatesigningrequests': { 'spec.signerName': plain },
  'resource.k8s.io/resourceslices': { 'spec.nodeName': plain, 'spec.driver': plain },
};

export const selectableFields = (kind: Kind): readonly string[] => Object.keys(FIELDS[kind.storage] ?? {});

export const selectedField = (kind: Kind, object: KubeObject, field: string): string =>
  (FIELDS[kind.storage]?.[field] ?? plain)(object, field);
