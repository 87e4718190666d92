// `fields` of a list of applications. Ours sends any choice of them. A real Argo CD sends these alone, of others nothing,
// and they became more from version to version: these are what 3.1 sends and 3.5 still does. Of the spec it is all or nothing.

const SENDABLE = [
  'metadata.name',
  'metadata.namespace',
  'metadata.annotations',
  'metadata.labels',
  'metadata.creationTimestamp',
  'metadata.deletionTimestamp',
  'spec',
  'status.health',
  'status.summary',
  'status.resources',
  'status.sync.status',
  'status.operationState.phase',
  'status.operationState.startedAt',
  'status.operationState.finishedAt',
] as const;

/** Fields that any server sends. */
export type SentField = (typeof SENDABLE)[number];

/** Without these an answer is no application. */
const ALWAYS = ['metadata.name', 'metadata.namespace', 'spec'] as const satisfies readonly SentField[];

/** The `fields` of a list that shows no more than these. */
export const sentFields = (...fields: readonly SentField[]): string => joined([...ALWAYS, ...fields]);

/** The `fields` of a list for what is looked at, such as 'spec.source'; undefined asks for everything. */
export function fieldsForNeeds(needs: readonly string[], sendsAny: boolean): string | undefined {
  const fields = new Set<string>(sendsAny ? ['metadata.name', 'metadata.namespace', ...SPEC_OF_ALL] : ALWAYS);
  for (const need of needs) {
    const field = sendsAny ? need : SENDABLE.find((sent) => need === sent || need.startsWith(`${sent}.`));
    if (need === '' || field === undefined) return undefined;
    if (need.startsWith('status.operationState.')) fields.add('status.operationState.phase');
    fields.add(field);
  }
  return joined([...fields]);
}

const SPEC_OF_ALL = ['spec.project', 'spec.destination'];

const joined = (fields: readonly string[]): string => [...new Set(fields)].map((field) => `items.${field}`).join(',');
