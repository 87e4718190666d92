// GitOps Promoter: its kinds have one Ready condition, and say in words what they promote.

import { at, type Json, listAt, numberAt, textAt } from '../../../core/json.ts';
import type { KubeObject } from '../../../objects/object.ts';
import { type HealthCheck, health, type ResourceHealth } from '../check.ts';
import type { Rules } from './forms.ts';

interface Promoted {
  /** At the start of a sentence. */
  readonly subject: string;
  /** After "Initializing". */
  readonly noun?: string;
  /** What is being deleted, or waits for its spec to be observed. */
  readonly called?: string;
  readonly notReady?: string;
  /** After the subject when it is not ready. */
  readonly failed?: string;
  ready(object: KubeObject): ResourceHealth;
}

interface Ready {
  /** Some versions write a boolean. */
  readonly status: Json | undefined;
  readonly reason: string;
  readonly message: string;
  readonly observed: number | undefined;
}

function readyOf(object: KubeObject): Ready | undefined {
  const entry = listAt(object, 'status', 'conditions').find((each) => textAt(each, 'type') === 'Ready');
  if (entry === undefined) return undefined;
  return {
    status: at(entry, 'status'),
    reason: textAt(entry, 'reason'),
    message: textAt(entry, 'message'),
    observed: numberAt(entry, 'observedGeneration'),
  };
}

const FINALIZERS: Readonly<Record<string, string>> = {
  'changetransferpolicy.promoter.argoproj.io/finalizer':
    "Waiting to clear related PullRequest finalizers and finish cleanup before this policy is removed. Risk if removed manually: The 'changetransferpolicy.promoter.argoproj.io/pullrequest-finalizer' finalizer may not be cleaned up from PullRequests owned by this ChangeTransferPolicy.",
  'changetransferpolicy.promoter.argoproj.io/pullrequest-finalizer':
    'Waiting for the ChangeTransferPolicy to observe PR identity and state. Risk if removed manually: promotion status or history can be wrong or racy.',
  'clusterscmprovider.promoter.argoproj.io/finalizer':
    'Waiting until no GitRepository still references this cluster-wide SCM provider. Risk if removed manually: GitRepository objects can reference a provider that no longer exists.',
  'gitrepository.promoter.argoproj.io/finalizer':
    'Waiting until no PullRequest still references this GitRepository. Risk if removed manually: PullRequest objects can reference a repository that no longer exists.',
  'pullrequest.promoter.argoproj.io/finalizer':
    'Waiting for SCM closure or reconciliation of the pull request. Risk if removed manually: the real PR can stay open after the CR is gone.',
  'scmprovider.promoter.argoproj.io/finalizer':
    'Waiting until no GitRepository in this namespace still references this provider. Risk if removed manually: GitRepository objects can reference a provider that no longer exists.',
};

function deletion(called: string, { metadata: { finalizers } }: KubeObject): ResourceHealth {
  const reasons = (finalizers ?? []).flatMap((name) => (FINALIZERS[name] ? [`${name}: ${FINALIZERS[name]}`] : []));
  const text = `${called} is being deleted`;
  return health('Progressing', reasons.length === 0 ? text : [`${text}.`, ...reasons].join(' '));
}

function promoted(kind: Promoted): HealthCheck {
  const { subject, noun = lower(subject), called = subject, failed = 'reconciliation failed' } = kind;
  const { notReady = `${subject} is not ready yet` } = kind;
  return (object) => {
    if (object.metadata.deletionTimestamp !== undefined) return deletion(called, object);
    if ((at(object, 'status') ?? null) === null) return health('Progressing', `Initializing ${noun}`);
    const ready = readyOf(object);
    if (!ready) return health('Progressing', notReady);
    const generation = numberAt(object, 'metadata', 'generation');
    if (generation !== undefined && ready.observed !== undefined && ready.observed !== generation)
      return health('Progressing', `Waiting for ${called === subject ? noun : called} spec update to be observed`);
    const reason = ['', 'ReconciliationError'].includes(ready.reason) ? '' : ` (${ready.reason})`;
    if (ready.status === 'False') return health('Degraded', `${subject} ${failed}${reason}: ${ready.message}`);
    if (ready.status === 'Unknown')
      return health('Progressing', `${subject} readiness unknown${reason}: ${ready.message}`);
    return kind.ready(object);
  };
}

const lower = (subject: string): string => subject.charAt(0).toLowerCase() + subject.slice(1);

const always = (message: string) => (): ResourceHealth => health('Healthy', message);

/** A newer kind is called by its name. */
const named = (called: string, kind: Omit<Promoted, 'called' | 'notReady'>): HealthCheck =>
  promoted({ ...kind, called, notReady: `${called} Ready condition is missing` });

interface Gate {
  readonly passed: (count: number) => string;
  readonly what: string;
  readonly idle: string;
}

/** Of each environment it is known whether the gate lets the commit pass. */
const gate =
  ({ passed, what, idle }: Gate) =>
  (object: KubeObject): ResourceHealth => {
    const environments = listAt(object, 'status', 'environments');
    const branches = (phase: string): string =>
      environments
        .filter((each) => textAt(each, 'phase') === phase)
        .map((each) => textAt(each, 'branch'))
        .join(', ');
    if (branches('failure')) return health('Degraded', `${what} failed for branch(es): ${branches('failure')}`);
    if (branches('pending')) return health('Progressing', `${what} pending for branch(es): ${branches('pending')}`);
    return health('Healthy', environments.length === 0 ? idle : passed(environments.length));
  };

const short = (sha: string): string => sha.slice(0, 7);

interface Sides {
  readonly active: string;
  readonly proposed: string;
  /** What the hydrator has come to. */
  readonly hydrated: string;
  readonly activeStatuses: readonly Json[];
  readonly proposedStatuses: readonly Json[];
}

function sidesOf(environment: unknown): Sides {
  const proposed = textAt(environment, 'proposed', 'dry', 'sha');
  return {
    active: textAt(environment, 'active', 'dry', 'sha'),
    proposed,
    hydrated: textAt(environment, 'proposed', 'note', 'drySha') || proposed,
    activeStatuses: listAt(environment, 'active', 'commitStatuses'),
    proposedStatuses: listAt(environment, 'proposed', 'commitStatuses'),
  };
}

const keysIn = (statuses: readonly Json[], phase: string): string[] =>
  statuses.filter((each) => textAt(each, 'phase') === phase).map((each) => textAt(each, 'key'));

function tally(statuses: readonly Json[]): string {
  const [pending, failed] = [keysIn(statuses, 'pending'), keysIn(statuses, 'failure')];
  const counts = `${pending.length} pending, ${keysIn(statuses, 'success').length} successful, ${failed.length} failed. `;
  const lists = [
    pending.length > 0 ? `Pending commit statuses: ${pending.join(', ')}. ` : '',
    failed.length > 0 ? `Failed commit statuses: ${failed.join(', ')}. ` : '',
  ];
  return counts + lists.join('');
}

const inProgress = ({ active, proposed, hydrated, proposedStatuses }: Sides, where: string): ResourceHealth =>
  health(
    'Progressing',
    `Promotion in progress${where} from '${short(active)}' to '${short(proposed)}': ${tally(proposedStatuses)}Hydrator has processed dry commit '${short(hydrated)}'. `,
  );

/** The statuses of what is active already, where nothing is promoted. */
function settled(statuses: readonly Json[], where: string): ResourceHealth | undefined {
  const failed = keysIn(statuses, 'failure').length > 0;
  if (!failed && keysIn(statuses, 'pending').length === 0) return undefined;
  const message = `Environment${where} is up-to-date, but there are non-successful active commit statuses: ${tally(statuses)}`;
  return health(failed ? 'Degraded' : 'Progressing', message);
}

function strategy(object: KubeObject): ResourceHealth {
  const environments = listAt(object, 'status', 'environments');
  if (environments.length === 0) return health('Degraded', 'Promotion strategy has no environments configured');
  const all = environments.map((each) => ({ branch: textAt(each, 'branch'), ...sidesOf(each) }));
  for (const { branch, active, proposed } of all) {
    const missing = active === '' ? 'active' : proposed === '' ? 'proposed' : undefined;
    if (missing !== undefined)
      return health('Progressing', `The ${missing} commit DRY SHA is missing or empty in environment '${branch}'.`);
  }
  if (new Set(all.map(({ hydrated }) => hydrated)).size > 1)
    return health(
      'Progressing',
      'Not all environments have the same proposed commit SHA. This likely means the hydrator has not run for all environments yet.',
    );
  for (const sides of all) {
    const where = ` for environment '${sides.branch}'`;
    if (sides.active !== sides.proposed) return inProgress(sides, where);
    const unwell = settled(sides.activeStatuses, ` '${sides.branch}'`);
    if (unwell) return unwell;
  }
  const [{ active = '' } = {}] = all;
  return health('Healthy', `All environments are up-to-date on commit '${short(active)}'.`);
}

function transfer(object: KubeObject): ResourceHealth {
  const sides = sidesOf(at(object, 'status'));
  if (sides.active === '') return health('Progressing', 'The active commit DRY SHA is missing or empty.');
  if (sides.proposed === '') return health('Progressing', 'The proposed commit DRY SHA is missing or empty.');
  if (sides.active !== sides.proposed) return inProgress(sides, '');
  return settled(sides.activeStatuses, '') ?? health('Healthy', 'Environment is up-to-date.');
}

function commitStatuses(object: KubeObject): ResourceHealth {
  const { length } = listAt(object, 'status', 'applicationsSelected');
  return health('Healthy', `Argo CD commit status is healthy and is tracking ${length} applications`);
}

function pullRequest(object: KubeObject): ResourceHealth {
  const [id, state] = [textAt(object, 'status', 'id'), textAt(object, 'status', 'state')];
  return health('Healthy', id && state ? `Pull request is ${state} as PR ${id}` : 'Pull request is healthy');
}

function commitStatus(object: KubeObject): ResourceHealth {
  const [sha, phase] = [textAt(object, 'status', 'sha'), textAt(object, 'status', 'phase') || 'unknown'];
  return health('Healthy', `Commit status for commit ${sha} reports ${phase}`);
}

const G = 'promoter.argoproj.io';
const VALIDATION = { failed: 'failed' };

export const PROMOTER: Rules = {
  [`${G}/ArgoCDCommitStatus`]: promoted({
    subject: 'Argo CD commit status',
    noun: 'Argo CD commit status',
    ready: commitStatuses,
  }),
  [`${G}/ChangeTransferPolicy`]: promoted({ subject: 'Change transfer policy', ready: transfer }),
  [`${G}/ClusterScmProvider`]: named('ClusterScmProvider', {
    subject: 'Cluster SCM provider',
    ready: always('Cluster SCM provider is ready'),
  }),
  [`${G}/CommitStatus`]: promoted({ subject: 'Commit status', ready: commitStatus }),
  [`${G}/GitCommitStatus`]: named('GitCommitStatus', {
    subject: 'Git commit validation',
    ...VALIDATION,
    ready: gate({
      what: 'Git commit validation',
      passed: (count) => `Git commit validation passed for ${count} environment(s)`,
      idle: 'Git commit validation reconciled',
    }),
  }),
  [`${G}/GitRepository`]: named('GitRepository', {
    subject: 'Git repository',
    ready: always('Git repository is ready'),
  }),
  [`${G}/PromotionStrategy`]: promoted({ subject: 'Promotion strategy', ready: strategy }),
  [`${G}/PullRequest`]: promoted({ subject: 'Pull request', ready: pullRequest }),
  [`${G}/ScmProvider`]: named('ScmProvider', {
    subject: 'SCM provider',
    noun: 'SCM provider',
    ready: always('SCM provider is ready'),
  }),
  [`${G}/TimedCommitStatus`]: named('TimedCommitStatus', {
    subject: 'Timed commit gate',
    ...VALIDATION,
    ready: gate({
      what: 'Timed commit gate',
      passed: (count) => `Timed commit gate passed for ${count} environment(s)`,
      idle: 'Timed commit gate reconciled',
    }),
  }),
  [`${G}/WebRequestCommitStatus`]: named('WebRequestCommitStatus', {
    subject: 'Web request commit validation',
    ...VALIDATION,
    ready: gate({
      what: 'Web request validation',
      passed: (count) => `Web request commit validation passed for ${count} environment(s)`,
      idle: 'Web request commit validation reconciled',
    }),
  }),
};
