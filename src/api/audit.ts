// Our own: who did what to which object, from where, with the fields that changed.

import { flag, list, number, type Of, object, oneOf, optional, text } from '../core/shape.ts';
import type { Endpoint } from './endpoint.ts';

const fieldChange = object({
  /** 'spec.source.targetRevision', 'metadata.labels["a.b/c"]'. */
  path: text,
  /** As text; absent where the field was not there. */
  before: optional(text),
  after: optional(text),
});

export interface FieldChange extends Of<typeof fieldChange> {}

const auditObject = object({
  /** Absent for the system's own. */
  cluster: optional(text),
  group: text,
  kind: text,
  namespace: text,
  name: text,
});

export interface AuditObject extends Of<typeof auditObject> {}

export const auditEntry = object({
  time: text,
  /** An account, a project's role, 'webhook PROVIDER', 'controller'; '' for somebody without a name. */
  actor: text,
  /** Where the call came from: an address, or 'local' through the data folder. */
  from: optional(text),
  /** Of a local call: the user of the operating system. */
  user: optional(text),
  /** In the words of the command line: 'sync', 'create', 'login'. */
  action: text,
  /** Through the Kubernetes API of the system's cluster; absent: through the system's own. */
  via: optional(oneOf('kubernetes')),
  /** Of the API: 'POST /api/v1/applications/{name}/sync'. */
  request: optional(text),
  outcome: oneOf('done', 'refused', 'failed'),
  problem: optional(text),
  application: optional(object({ namespace: text, name: text, project: text })),
  /** What an administrator would call it: 'application argocd/web', 'repository https://…'. */
  subject: optional(text),
  object: optional(auditObject),
  change: optional(oneOf('created', 'changed', 'deleted')),
  fields: optional(list(fieldChange)),
  /** There were more of them. */
  fieldsLeftOut: optional(number),
});

export interface AuditEntry extends Of<typeof auditEntry> {}

const auditQuery = object({
  app: optional(text),
  appNamespace: optional(text),
  actor: optional(text),
  /** RFC 3339. */
  since: optional(text),
  /** The newest of them; 0 is all. */
  limit: optional(number),
});

export interface AuditQuery extends Of<typeof auditQuery> {}

const auditAnswer = object({
  /** The newest first. */
  items: optional(list(auditEntry)),
  isCut: optional(flag),
  /** What of the files cannot be read, or could not be written. */
  warnings: optional(list(text)),
});

export interface AuditAnswer extends Of<typeof auditAnswer> {}

/** The route leaves out each entry about an object that the caller may not get. */
export const listAudit: Endpoint<AuditQuery, AuditAnswer> = {
  method: 'GET',
  path: '/api/hawser/audit',
  right: 'session',
  input: auditQuery,
  output: auditAnswer,
};
