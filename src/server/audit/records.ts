// Entries of the audit: made of calls, kept in files, told to those who may see what they are about.

import type { AuditAnswer, AuditEntry, AuditQuery } from '../../api/audit.ts';
import { auditEntry } from '../../api/audit.ts';
import { isObject, listAt, textAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { fits } from '../../core/shape.ts';
import type { KubeObject } from '../../objects/object.ts';
import { actionOf } from './actions.ts';
import { type Changes, fieldChanges } from './changes.ts';
import { createJournal, type Journal } from './journal.ts';
import type { AuditOptions, Reader, WatchedCall } from './ports.ts';
import type { Write } from './scope.ts';
import { withoutSecrets } from './secrets.ts';
import { accountOf, applicationOf, type Subject, subjectOf } from './subject.ts';

export interface CallInBrief extends Pick<WatchedCall, 'route' | 'caller'> {
  readonly address: string | undefined;
  /** The headers by which a webhook says who sends it. */
  readonly sender: Readonly<Record<string, string>>;
  /** Who tries to log in. */
  readonly username: string;
  /** Another way than our own API. */
  readonly via?: AuditEntry['via'];
  /** Where the route does not tell what it does. */
  readonly action?: string;
}

export interface EndedCall extends CallInBrief {
  /** When it began. */
  readonly at: number;
  readonly status: number;
  readonly problem: string | undefined;
}

export interface Written {
  readonly writes: readonly Write[];
  readonly application: KubeObject | undefined;
}

export interface Records {
  add(call: EndedCall, written: Written): void;
  addAutoSync(application: KubeObject): void;
  list(query: AuditQuery, reader: Reader): Promise<AuditAnswer>;
  settled(): Promise<void>;
}

/** With the objects that somebody must be able to get to see the entry; without any only administrators do. */
interface Kept extends AuditEntry {
  readonly sees?: readonly NonNullable<Subject['sees']>[];
}

const MEGABYTE = 1024 * 1024;

/** Who tries passwords, or pushes to a repository of many applications, pushes out no change. */
const FILES = {
  changes: { longest: MEGABYTE, files: 16 },
  routine: { longest: MEGABYTE, files: 4 },
  /** Clients of Kubernetes write without end. */
  cluster: { longest: MEGABYTE, files: 4 },
  attempts: { longest: MEGABYTE / 2, files: 4 },
} as const;

/** What a refresh writes is the wish for it, and there are many. */
const ROUTINE: readonly string[] = ['refresh', 'replay'];

/** An entry has the time at which its call began, and comes at its end. */
const LONGEST_CALL_MS = 600_000;

const MOST_LISTED = 10_000;

export function createRecords(options: AuditOptions): Records {
  const { folder, log } = options;
  const journalOf = (name: keyof typeof FILES) => createJournal({ folder, name, log, ...FILES[name] });
  const [changes, routine, attempts] = [journalOf('changes'), journalOf('routine'), journalOf('attempts')];
  const cluster = journalOf('cluster');
  const journals = [changes, routine, attempts, cluster];
  const journalFor = ({ outcome, via, action }: Kept): Journal => {
    if (outcome === 'refused') return attempts;
    if (via !== undefined) return cluster;
    return ROUTINE.includes(action) ? routine : changes;
  };
  return {
    add: (call, written) => {
      for (const entry of entriesOf(call, written, options)) journalFor(entry).append(entry);
    },
    addAutoSync: (application) => routine.append(autoSyncEntry(application, options)),
    list: async (query, reader) => {
      const warnings: string[] = [];
      const damaged = (what: string): void => void warnings.push(what);
      const limit = Math.min(query.limit || MOST_LISTED, MOST_LISTED);
      const oldest = query.since === undefined ? 0 : Date.parse(query.since);
      const found: AuditEntry[] = [];
      let isCut = false;
      for await (const entry of newestFirst(journals.map((journal) => journal.read(damaged)))) {
        const age = oldest - Date.parse(entry.time);
        if (age > LONGEST_CALL_MS) break;
        if (age > 0 || !isAsked(entry, query) || !mayKnow(entry, reader)) continue;
        isCut = found.length === limit;
        if (isCut) break;
        found.push(told(entry, reader));
      }
      return {
        ...(found.length > 0 ? { items: found } : {}),
        ...(isCut ? { isCut } : {}),
        ...(warnings.length > 0 && reader.mayEverything ? { warnings } : {}),
      };
    },
    settled: async () => {
      await Promise.all(journals.map((journal) => journal.settled()));
    },
  };
}

function entriesOf(call: EndedCall, { writes, application }: Written, options: AuditOptions): readonly Kept[] {
  const common = commonOf(call, options);
  // Anybody may ask to be logged out, as often as they like.
  if (SESSION.includes(common.action)) return common.actor === '' && common.action === 'logout' ? [] : [common];
  if (writes.length === 0) return isRefusal(call) ? [common] : [];
  const { namespace } = options;
  return writes.flatMap((write) => {
    const { fields, leftOut } = fieldChanges(write.before, write.after);
    const change = changeOf(write, ROUTINE.includes(common.action) ? 1 : fields.length);
    if (change === undefined || isBookkeeping(write)) return [];
    return [
      {
        ...common,
        ...aboutOf(write, {
          application,
          namespace,
          fields,
          isTracked: call.via !== undefined && application !== undefined,
        }),
        change,
        ...fieldsOf(change, { fields, leftOut }),
      },
    ];
  });
}

/** What the system makes for itself at the first call, or keeps beside it, is nobody's deed. */
const isBookkeeping = ({ cluster, reference: { kind, name }, before }: Write): boolean =>
  (cluster === undefined && kind === 'ConfigMap' && /^hawser-/.test(name)) ||
  (kind === 'Secret' && (name === 'argocd-initial-admin-secret' || (name === 'argocd-secret' && !before)));

/** They are told whatever they write. */
const SESSION: readonly string[] = ['login', 'logout'];

interface About {
  readonly application: KubeObject | undefined;
  readonly namespace: string;
  readonly fields: Changes['fields'];
  /** Whether it is known by the object itself. */
  readonly isTracked: boolean;
}

/** Which object that is, and who may know. What lies in a cluster is seen by those who see its application. */
function aboutOf(
  { cluster, reference, before, after }: Write,
  { application, namespace, fields, isTracked }: About,
): Pick<Kept, 'application' | 'subject' | 'object' | 'sees'> {
  const { group, kind, namespace: own = '', name } = reference;
  const states = [before, after].flatMap((state) => (state ? [state] : []));
  const account = accountOf(reference, fields);
  const subjects = account ? [account] : states.map((state) => subjectOf(state, namespace));
  const deployed = isTracked || cluster !== undefined;
  const owner =
    (deployed ? undefined : applicationOf(after ?? before, namespace)) ?? applicationOf(application, namespace);
  const place = `${kind} ${own === '' ? '' : `${own}/`}${name}`;
  return {
    ...omitUndefined({ application: owner }),
    subject: deployed ? place : (subjects.at(-1)?.text ?? place),
    object: { ...omitUndefined({ cluster }), group, kind, namespace: own, name },
    sees: seesOf(deployed ? (application ? [subjectOf(application, namespace)] : []) : subjects),
  };
}

/** What was made or is gone is told as such: its fields are those of the object, and a deleted one has none. */
const fieldsOf = (change: Kept['change'], { fields, leftOut }: Changes): Pick<Kept, 'fields' | 'fieldsLeftOut'> =>
  change === 'deleted' || fields.length === 0 ? {} : { fields, ...(leftOut > 0 ? { fieldsLeftOut: leftOut } : {}) };

function changeOf({ before, after }: Write, fields: number): Kept['change'] {
  if (!before) return after ? 'created' : 'deleted';
  if (!after || (after.metadata.deletionTimestamp && !before.metadata.deletionTimestamp)) return 'deleted';
  return fields > 0 ? 'changed' : undefined;
}

/** An object whose change somebody may not see in one of its two states is not shown at all. */
const seesOf = (subjects: readonly Subject[]): Kept['sees'] =>
  subjects.length > 0 && subjects.every(({ sees }) => sees !== undefined)
    ? subjects.flatMap(({ sees }) => (sees ? [sees] : []))
    : [];

const isRefusal = ({ status }: EndedCall): boolean => status === 401 || status === 403;

function commonOf(call: EndedCall, options: AuditOptions): Kept {
  const { route, address, caller, at, problem, via } = call;
  const action = call.action ?? actionOf(route);
  const isLocal = caller.isLocal === true;
  return {
    time: new Date(at).toISOString(),
    actor: actorOf(call, action, options),
    ...(isLocal ? { from: 'local', user: options.user() } : address ? { from: address } : {}),
    action,
    ...omitUndefined({ via }),
    request: `${route.method} ${route.path}`,
    outcome: isRefusal(call) ? 'refused' : call.status >= 400 ? 'failed' : 'done',
    ...(problem === undefined ? {} : { problem: withoutSecrets(problem) }),
  };
}

/** Who logs in is not yet known by a token; who delivers never is. */
function actorOf({ route, sender, username, caller }: EndedCall, action: string, { senderOf }: AuditOptions): string {
  if (route.path === '/api/webhook') return `webhook ${senderOf(sender) ?? ''}`.trim();
  if (action === 'login') return withoutSecrets(username);
  return caller.username;
}

function autoSyncEntry(application: KubeObject, { clock, namespace }: AuditOptions): Kept {
  const operation = ['status', 'operationState', 'operation', 'sync'] as const;
  const several = listAt(application, ...operation, 'revisions').join(', ');
  const revision = textAt(application, ...operation, 'revision') || several;
  const { text, sees } = subjectOf(application, namespace);
  const { group, kind } = { group: 'argoproj.io', kind: 'Application' };
  const { name = '', namespace: own = namespace } = application.metadata;
  return {
    time: new Date(clock.now()).toISOString(),
    actor: 'controller',
    action: 'sync',
    outcome: 'done',
    ...omitUndefined({ application: applicationOf(application, namespace) }),
    subject: text,
    object: { group, kind, namespace: own, name },
    change: 'changed',
    ...(revision === '' ? {} : { fields: [{ path: 'operation.sync.revision', after: revision }] }),
    sees: sees ? [sees] : [],
  };
}

/** Each of the streams tells its newest first. */
async function* newestFirst(streams: readonly AsyncGenerator<unknown>[]): AsyncGenerator<Kept> {
  const heads: (Kept | undefined)[] = await Promise.all(streams.map(nextOf));
  for (;;) {
    const newest = heads.reduce<number>(
      (best, head, index) => (head && (heads[best]?.time ?? '') < head.time ? index : best),
      heads.findIndex((head) => head !== undefined),
    );
    const [head, stream] = [heads[newest], streams[newest]];
    if (!head || !stream) return;
    yield head;
    heads[newest] = await nextOf(stream);
  }
}

async function nextOf(stream: AsyncGenerator<unknown>): Promise<Kept | undefined> {
  for (;;) {
    const { value, done } = await stream.next();
    if (done) return undefined;
    if (isKept(value)) return value;
  }
}

const isKept = (value: unknown): value is Kept => isObject(value) && fits(auditEntry, value);

function isAsked({ application, actor }: Kept, query: AuditQuery): boolean {
  const { app, appNamespace, actor: asked } = query;
  if (asked !== undefined && actor !== asked && !actor.startsWith(`${asked} `)) return false;
  if (app === undefined) return true;
  return application?.name === app && (!appNamespace || application.namespace === appNamespace);
}

function mayKnow({ sees = [], actor, outcome, via }: Kept, { may, mayEverything, username }: Reader): boolean {
  if (mayEverything) return true;
  if (sees.length > 0) return sees.every(({ resource, object }) => may({ resource, action: 'get', object }));
  // A user of the cluster is nobody here, whatever the name.
  return username !== '' && actor === username && outcome !== 'refused' && via === undefined;
}

/** Where others came from is not for everybody. */
function told({ sees: _sees, ...entry }: Kept, { mayEverything, username }: Reader): AuditEntry {
  const { from: _from, user: _user, problem: _problem, ...rest } = entry;
  return mayEverything || (entry.actor === username && entry.via === undefined) ? entry : rest;
}
