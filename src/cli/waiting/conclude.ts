// The end of a sync, wait or rollback: the state of the application, and the failure it ended in, if any.

import { resourceTree } from '../../api/applications.ts';
import { HawserError } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Application } from '../../model/application.ts';
import { renderOperation, renderResources, renderSummary } from '../../render/application.ts';
import { briefMessage } from '../../render/brief.ts';
import type { Finding } from '../../render/causes.ts';
import { resultName } from '../../render/states.ts';
import { renderTree } from '../../render/tree.ts';
import type { Context } from '../context.ts';
import { writeDocument } from '../output/document.ts';
import type { Breakage } from './breakages.ts';
import { type Conditions, outstanding } from './conditions.ts';
import { cureOf, keepsItself, withoutReasons } from './operation-messages.ts';
import { applicationUrl } from './summary.ts';
import type { Wait, WaitOutcome } from './wait.ts';

export interface Conclusion {
  readonly application: Application;
  readonly output: string;
  /** As links show it. */
  readonly label: string;
  readonly operation: boolean;
  /** What the reference says before the state of an application that took too long. */
  readonly lead?: string;
  readonly failure?: HawserError;
}

export const WAIT_FORMATS = ['wide', 'json', 'yaml', 'tree', 'tree=detailed', ''] as const;

/** Writes the answer and throws the failure, in the order that the format allows. */
export async function conclude(conclusion: Conclusion, context: Context): Promise<void> {
  const { application, output, failure } = conclusion;
  const isDocument = output === 'json' || output === 'yaml';
  // The failure is a document of its own, which has the application in it.
  if (isDocument && failure) context.policy.own.refuse(failure.with({ details: { application } }));
  if (!(await writeDocument(application, output, context))) context.io.out.write(await finalBlock(conclusion, context));
  if (failure) throw failure;
}

/** The summary, the operation and the resources, as the reference puts them one under the other. */
async function finalBlock(conclusion: Conclusion, context: Context): Promise<string> {
  const { application } = conclusion;
  const { layout } = context.policy;
  const resources = await resourceText(conclusion, context);
  if (layout.endsBriefly && context.io.out.terminal) return resources;
  const view = await context.view();
  const url = await applicationUrl(await context.connect(), conclusion.label, context);
  const summary = renderSummary({ application, url }, view);
  const operation = conclusion.operation ? renderOperation(application, view) : '';
  const tail = resources === '' ? '' : `\n${resources}`;
  return `${conclusion.lead ?? ''}${layout.blockLead}${summary}\n${operation}${tail}`;
}

async function resourceText({ application, output }: Conclusion, context: Context): Promise<string> {
  const view = await context.view();
  if (!output.startsWith('tree')) return renderResources(application, view);
  const { client } = await context.connect();
  const { name, namespace } = application.metadata;
  const tree = await client.call(resourceTree, { applicationName: name, appNamespace: namespace });
  return renderTree({ application, tree, detailed: output === 'tree=detailed' }, view);
}

/** What a wait failed at, with its cause; undefined when it reached what it waited for. */
export async function waitFailure(
  wait: Pick<Wait, 'target' | 'conditions' | 'deadline'>,
  outcome: WaitOutcome,
  context: Context,
): Promise<HawserError | undefined> {
  const { name } = wait.target;
  if (outcome.ended === 'degraded') {
    return withCauses(degraded(name, outcome), { findings: [], application: outcome.application }, context);
  }
  if (outcome.ended === 'deleted' && wait.conditions !== 'deleted') {
    return new HawserError('not-found', `application '${name}' was deleted while it was waited for`);
  }
  if (outcome.ended !== 'timed-out') return undefined;
  const { failure, findings } = timedOut(wait, outcome.application);
  return withCauses(failure, { findings, application: outcome.application }, context);
}

function degraded(name: string, { resource, from }: Breakage): HawserError {
  const hint = `hawser app get ${name} -o tree shows what it owns, hawser app logs ${name} what it wrote`;
  if (from === undefined) return new HawserError('unhealthy', `${resource} of '${name}' is Degraded`, { hint });
  return new HawserError('unhealthy', `${resource} of '${name}' went from ${from} to Degraded`, {
    hint,
    reason: { kind: 'went-degraded', application: name, from },
  });
}

interface Blame {
  readonly findings: readonly Finding[];
  readonly application: Application;
  /** When what failed began. */
  readonly since?: string;
}

/** A failure with the resources that are to blame; their causes are asked for by people and programs, not by the reference's scripts. */
async function withCauses(failure: HawserError, blame: Blame, context: Context): Promise<HawserError> {
  const { findings, application, since } = blame;
  const { client } = await context.connect();
  const asking = { client, signal: context.signal, ...omitUndefined({ since }) };
  const [{ findCauses }, { causeLines }] = await Promise.all([
    import('../causes/find.ts'),
    import('../../render/causes.ts'),
  ]);
  const causes = await context.policy.own.add(() => findCauses(application, asking).catch(() => []), []);
  const lines = causeLines(findings, causes).map((line) => `\n  ${line}`);
  return failure.with({
    message: `${failure.message}${lines.join('')}`,
    ...(causes.length > 0 ? { details: { causes } } : {}),
  });
}

function timedOut(
  wait: Pick<Wait, 'target' | 'conditions' | 'deadline'>,
  application: Application,
): { readonly failure: HawserError; readonly findings: readonly Finding[] } {
  const { name } = wait.target;
  const { milliseconds, text } = wait.deadline;
  const missing = wait.conditions === 'deleted' ? [] : outstanding(application, wait.conditions);
  const findings = missing.map(({ what, is, why }) => ({
    resource: what,
    message: why === '' ? is : `${is} (${why})`,
  }));
  const failure = new HawserError('timed-out', `timed out after ${text} waiting for '${name}'`, {
    hint: wayOut(application) ?? `hawser app wait ${name} --timeout ${longer(milliseconds)} waits longer`,
    details: { outstanding: missing },
    reason: { kind: 'wait-timed-out', application: name, milliseconds },
  });
  return { failure, findings };
}

const longer = (milliseconds: number): number => Math.max(60, Math.round((milliseconds * 2) / 1000));

/** What helps where waiting longer does not. */
function wayOut(app: Application): string | undefined {
  const { name } = app.metadata;
  const state = app.status?.operationState;
  const isGuarded = app.status?.resources?.some(
    ({ requiresDeletionConfirmation, requiresPruning }) =>
      requiresDeletionConfirmation && (requiresPruning || app.metadata.deletionTimestamp !== undefined),
  );
  const goesOn = app.operation !== undefined || app.metadata.deletionTimestamp !== undefined;
  if (isGuarded && goesOn) return `hawser app confirm-deletion ${name} confirms what waits for it`;
  const hasFailed = state?.phase === 'Failed' || state?.phase === 'Error';
  return hasFailed && !goesOn
    ? `hawser app get ${name} --show-operation shows what the last sync failed at`
    : undefined;
}

/** What an operation that is over failed at: the phase, its message, and the resources that are to blame. */
export async function operationFailure(application: Application, context: Context): Promise<HawserError | undefined> {
  const state = application.status?.operationState;
  const { name } = application.metadata;
  if (!state) return application.operation ? undefined : lostOperation(name);
  if (state.phase === 'Succeeded') return undefined;
  const guilty = (state.syncResult?.resources ?? []).filter(
    ({ status, hookPhase }) => status === 'SyncFailed' || hookPhase === 'Failed' || hookPhase === 'Error',
  );
  const findings = guilty.map((result) => ({
    resource: resultName(result, application),
    message: result.message ?? '',
  }));
  const message = withoutReasons(
    state.message ?? '',
    findings.map((finding) => finding.message),
  );
  const lead = `the sync of '${name}' ended ${state.phase}${message === '' ? '' : `: ${briefMessage(message)}`}`;
  const failure = new HawserError('sync-failed', lead, {
    hint: cureOf(name, state.message ?? '') ?? `hawser app get ${name} --show-operation`,
    details: { phase: state.phase, resources: guilty },
    reason: { kind: 'operation-failed', phase: state.phase },
  });
  return withCauses(failure, { findings, application, since: state.startedAt }, context);
}

/** The request for an operation also takes the state of the last one away: without either, nothing of it was ever done. */
const lostOperation = (name: string): HawserError =>
  new HawserError('sync-failed', `the sync of '${name}' did not begin: its request is gone from the application`, {
    hint: `something else writes '${name}': kubectl get application ${name} -n argocd --show-managed-fields -o yaml names it`,
  });

/** A whole sync that left objects which Git no longer has. */
export function pruneFailure(application: Application): HawserError | undefined {
  const { name } = application.metadata;
  if (application.status?.sync?.status === 'Synced') return undefined;
  const unpruned = (application.status?.operationState?.syncResult?.resources ?? []).filter(
    ({ status, message }) => status === 'PruneSkipped' && !keepsItself(message),
  );
  if (unpruned.length === 0) return undefined;
  const lines = unpruned.map((result) => `\n  ${resultName(result, application)}`);
  return new HawserError('sync-failed', `${unpruned.length} resources require pruning${lines.join('')}`, {
    hint: `hawser app sync ${name} --prune removes them`,
    reason: { kind: 'pruning-required', count: unpruned.length },
  });
}

export const OPERATION_ONLY: Conditions = {
  sync: false,
  health: false,
  operation: true,
  suspended: false,
  degraded: false,
  hydrated: false,
  resources: [],
};
