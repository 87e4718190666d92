// `--plan-file`: a sync that does what a plan says, or nothing.

import { getApplication } from '../../../../api/applications.ts';
import { HawserError } from '../../../../core/errors.ts';
import { type Application, isAutomated } from '../../../../model/application.ts';
import type { Context } from '../../../context.ts';
import { type Flag, typedFlag } from '../../../input/flags.ts';
import { fingerprint, readPlanFile, type SavedPlan } from '../../../input/plan-file.ts';
import { targetOf } from '../../../input/target.ts';
import { filterText } from '../../../waiting/resource-filter.ts';
import { makePlan, renderedBy } from '../shared/make-plan.ts';
import { applicationChanges, applicationState, changesSince } from '../shared/plan-state.ts';
import { PLANNED_FLAGS } from '../shared/sync-flags.ts';
import type { PlannedRequest } from '../shared/sync-request.ts';
import type { SyncOptions } from './flags.ts';

/** What the plan says already, or what would have it wait until it is no longer true. */
const EXCLUDED = [
  ...PLANNED_FLAGS,
  { name: 'selector', type: 'string', summary: '' },
  { name: 'project', type: 'stringArray', summary: '' },
  { name: 'pick', type: 'bool', summary: '' },
  { name: 'preview-changes', type: 'bool', summary: '' },
] as const satisfies readonly Flag[];

/** The most that is said of what has changed. */
const MOST_CHANGES = 3;

/** The options of a sync by the plan in a file, which names the application where nobody else does. */
export async function openPlan(path: string, options: SyncOptions): Promise<{ plan: SavedPlan; options: SyncOptions }> {
  const excluded = typedFlag(EXCLUDED, options);
  if (excluded || options.ifBusy !== 'fail') {
    throw new HawserError('usage', `--plan-file and --${excluded?.name ?? 'if-busy'} exclude each other`, {
      hint: 'make a plan with the flags that are meant: hawser app plan NAME --save FILE',
    });
  }
  const plan = await readPlanFile(path);
  const { name, namespace } = plan.application;
  const [typed, ...more] = options.names;
  if (typed !== undefined) {
    const target = targetOf(typed, options.appNamespace);
    const isSame = target.name === name && (!target.appNamespace || target.appNamespace === namespace);
    if (!isSame || more.length > 0) throw otherApplication(path, plan, 'not of what was named');
  }
  const { prune, resources } = plan.request;
  const selectors = resources?.map(filterText);
  const names = [typed ?? (namespace === '' ? name : `${namespace}/${name}`)];
  return { plan, options: { ...options, names, prune, ...(selectors ? { resource: selectors } : {}) } };
}

/** The request of a plan, when all is as it was when the plan was made; else throws and nothing is changed. */
export async function requestByPlan(
  { plan, path }: { readonly plan: SavedPlan; readonly path: string },
  application: Application,
  context: Context,
): Promise<PlannedRequest> {
  const { name, uid = '' } = application.metadata;
  if (uid !== plan.application.uid) throw otherApplication(path, plan, 'and this one is another of that name');
  refuseBusy(application);
  if (isAutomated(application.spec)) {
    throw new HawserError('needs-decision', `auto-sync of '${name}' is on: it takes the latest commit, not a plan`, {
      hint: `hawser app set ${name} --sync-policy none`,
    });
  }
  const { revision: _revision, revisions: _revisions, sourcePositions: _positions, ...request } = plan.request;
  const made = await makePlan({ application, request: { ...request, ...plan.asked } }, context);
  const changes = changesSince(plan, made);
  const hasOtherRevisions = JSON.stringify(made.plan.revisions) !== JSON.stringify(plan.plan.revisions);
  if (changes.length === 0 && hasOtherRevisions) {
    const { manifests } = await renderedBy(plan.request, context);
    if (fingerprint(manifests ?? []) !== plan.state.manifests) changes.push('the revision renders other manifests');
  }
  // The last request before the sync itself, so that the time in between is short.
  const { client } = await context.connect();
  const last = await client.call(getApplication, { name, appNamespace: application.metadata.namespace });
  refuseBusy(last);
  if (changes.length === 0) changes.push(...applicationChanges(plan.state, applicationState(last)));
  if (changes.length > 0) throw stale(path, changes, name);
  return plan.request;
}

function refuseBusy({ operation, metadata: { name } }: Application): void {
  if (!operation) return;
  throw new HawserError('busy', 'another operation is already in progress', {
    hint: `hawser app wait ${name} --operation, then make a new plan`,
  });
}

function stale(path: string, changes: readonly string[], name: string): HawserError {
  const listed = changes.slice(0, MOST_CHANGES);
  const more = changes.length - listed.length;
  const what = `${listed.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
  return new HawserError('needs-decision', `the plan ${path} is out of date, and nothing was synced: ${what}`, {
    hint: `hawser app plan ${name} --save ${path} makes a new one; add the flags of the old one`,
    details: { changes },
  });
}

const otherApplication = (path: string, { application: { name, namespace }, server }: SavedPlan, why: string) =>
  new HawserError('usage', `the plan ${path} is of application '${namespace}/${name}' on ${server}, ${why}`, {
    hint: `hawser app sync ${name} --plan-file ${path}, or a new plan: hawser app plan NAME --save FILE`,
  });
