// CronJobs: a Job at each time of a schedule.

import type { CronSchedule } from '../../core/cron.ts';
import { at, type Json, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import type { KubeObject } from '../../objects/object.ts';
import { recordEvent } from '../events/record.ts';
import { ofCronJob } from '../events/tell.ts';
import { isTerminating } from '../object-meta.ts';
import { conditionOf } from './conditions.ts';
import { missedBy, rhythmOf, zonedTimestamp } from './cron-times.ts';
import { isFinished } from './job-status.ts';
import { asOfNow, ownedBy, ownerOfKind, ownerReference, type Reconciler, type ReconcilerClient } from './reconciler.ts';
import { textsOf } from './template.ts';

const CRON_JOBS = 'batch/cronjobs';
const JOBS = 'batch/jobs';

export function cronJobs(): Reconciler {
  const rhythms = new Map<string, string>();
  return {
    name: 'kube-controller-manager',
    storage: CRON_JOBS,
    watches: { [JOBS]: ownerOfKind('CronJob') },
    reconcile: async (client, cron) => {
      if (isTerminating(cron)) return undefined;
      const schedule = await scheduleOf(client, cron);
      const { uid = '' } = cron.metadata;
      const before = rhythms.get(uid) ?? rhythmOf(cron);
      rhythms.set(uid, rhythmOf(cron));
      // Another schedule begins with its next time: what it would have had before is not made up for.
      if (schedule && before !== rhythmOf(cron)) return schedule.next(client.now());
      const owned = ownedBy(client, JOBS, cron);
      const active = follow(client, cron, owned);
      await cleanUp(client, cron, owned);
      if (!schedule || at(cron, 'spec', 'suspend') === true) {
        await writeStatus(client, cron, { active, ...lastSuccess(cron, owned) });
        return undefined;
      }
      const started = await startMissed(client, cron, { schedule, active });
      await writeStatus(client, cron, { active, ...lastSuccess(cron, owned), ...started.status });
      if (started.refused) throw started.refused;
      return schedule.next(client.now());
    },
    forget: async (_client, last) => {
      rhythms.delete(last.metadata.uid ?? '');
    },
  };
}

/** A Job that was started must be known as started, whatever came in between. */
async function writeStatus(client: ReconcilerClient, before: KubeObject, changes: JsonObject): Promise<void> {
  const cron = asOfNow(client, CRON_JOBS, before);
  if (!cron) return;
  const { active, ...status } = { ...objectAt(cron, 'status'), ...changes };
  const isBusy = Array.isArray(active) && active.length > 0;
  await client.updateStatus(CRON_JOBS, cron, { ...status, ...(isBusy ? { active } : {}) });
}

/** Of the Jobs that it started, those that are under way; tells what became of the others, and of those that it did not start. */
function follow(client: ReconcilerClient, cron: KubeObject, owned: readonly KubeObject[]): Json[] {
  const active = listAt(cron, 'status', 'active');
  const started = new Set(active.map((reference) => textAt(reference, 'uid')));
  const present = new Set(owned.map(({ metadata }) => metadata.uid ?? ''));
  const finished = new Set(owned.filter(isFinished).map(({ metadata }) => metadata.uid ?? ''));
  for (const { metadata, ...job } of owned) {
    const { name = '', uid = '' } = metadata;
    if (started.has(uid) !== finished.has(uid)) continue;
    const how = conditionOf({ metadata, ...job }, 'Failed') ? 'Failed' : 'Complete';
    recordEvent(client, cron, started.has(uid) ? ofCronJob.ended(name, how) : ofCronJob.unexpected(name));
  }
  for (const reference of active)
    if (!present.has(textAt(reference, 'uid'))) recordEvent(client, cron, ofCronJob.missing(textAt(reference, 'name')));
  return active.filter((reference) => present.has(textAt(reference, 'uid')) && !finished.has(textAt(reference, 'uid')));
}

interface Started {
  readonly status: JsonObject;
  readonly refused?: unknown;
}

/** Starts the Job that is due, as far as those that are under way let it. */
async function startMissed(
  client: ReconcilerClient,
  cron: KubeObject,
  { schedule, active }: { readonly schedule: CronSchedule; readonly active: readonly Json[] },
): Promise<Started> {
  const { time, isMany, isNever } = missedBy(cron, schedule, client.now());
  if (isNever) recordEvent(client, cron, ofCronJob.never(textAt(cron, 'spec', 'schedule')));
  if (isMany) recordEvent(client, cron, ofCronJob.missed());
  if (time === undefined) return { status: {} };
  const name = `${cron.metadata.name ?? ''}-${Math.floor(time / 60_000)}`;
  if (active.some((reference) => textAt(reference, 'name') === name)) return { status: {} };
  const policy = textAt(cron, 'spec', 'concurrencyPolicy');
  if (policy === 'Forbid' && active.length > 0) {
    recordEvent(client, cron, ofCronJob.blocked());
    return { status: {} };
  }
  const { namespace = '' } = cron.metadata;
  const kept = policy === 'Replace' ? [] : active;
  if (policy === 'Replace') {
    const jobs = active.flatMap((reference) => client.get(JOBS, namespace, textAt(reference, 'name')) ?? []);
    await removeJobs(client, cron, jobs);
  }
  if (client.get(JOBS, namespace, name)) return { status: { active: kept } };
  try {
    const job = await createJob(client, cron, { time, name });
    return { status: { active: [...kept, referenceTo(job)], lastScheduleTime: timestamp(time) } };
  } catch (refused) {
    const why = refused instanceof Error ? refused.message : '';
    recordEvent(client, cron, ofCronJob.failed(why));
    return { status: { active: kept }, refused };
  }
}

/** A Job as it was when it was made. */
function referenceTo({ metadata }: KubeObject): JsonObject {
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = metadata;
  return { apiVersion: 'batch/v1', kind: 'Job', name, namespace, uid, resourceVersion };
}

/** When a Job of it was complete last. */
function lastSuccess(cron: KubeObject, owned: readonly KubeObject[]): JsonObject {
  const before = textAt(cron, 'status', 'lastSuccessfulTime');
  const times = [before, ...owned.map((job) => textAt(job, 'status', 'completionTime'))].sort();
  const last = times.at(-1) ?? '';
  return last === '' ? {} : { lastSuccessfulTime: last };
}

/** Undefined for a schedule or a time zone that cannot be read: it never runs. */
async function scheduleOf(client: ReconcilerClient, cron: KubeObject): Promise<CronSchedule | undefined> {
  const { parseCron } = await import('../../core/cron.ts');
  const text = textAt(cron, 'spec', 'schedule');
  try {
    return parseCron(text, textAt(cron, 'spec', 'timeZone') || 'UTC');
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : '';
    recordEvent(client, cron, ofCronJob.unreadable(text, why), { once: true });
    return undefined;
  }
}

async function createJob(
  client: ReconcilerClient,
  cron: KubeObject,
  { time, name }: { readonly time: number; readonly name: string },
): Promise<KubeObject> {
  const template = objectAt(cron, 'spec', 'jobTemplate');
  const scheduled = { 'batch.kubernetes.io/cronjob-scheduled-timestamp': zonedTimestamp(cron, time) };
  const job = await client.create(JOBS, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace: cron.metadata.namespace ?? '',
      labels: textsOf(at(template, 'metadata', 'labels')),
      annotations: { ...textsOf(at(template, 'metadata', 'annotations')), ...scheduled },
      ownerReferences: [ownerReference(cron)],
    },
    spec: objectAt(template, 'spec'),
  });
  recordEvent(client, cron, ofCronJob.created(name));
  return job;
}

async function removeJobs(client: ReconcilerClient, cron: KubeObject, jobs: readonly KubeObject[]): Promise<void> {
  await Promise.all(jobs.map((job) => client.remove(JOBS, job)));
  for (const { metadata } of jobs) recordEvent(client, cron, ofCronJob.deleted(metadata.name ?? ''));
}

async function cleanUp(client: ReconcilerClient, cron: KubeObject, owned: readonly KubeObject[]): Promise<void> {
  const ended = (type: string): KubeObject[] =>
    owned.filter((job) => listAt(job, 'status', 'conditions').some((entry) => textAt(entry, 'type') === type));
  const surplus = [
    ...oldest(ended('Complete'), numberAt(cron, 'spec', 'successfulJobsHistoryLimit') ?? 3),
    ...oldest(ended('Failed'), numberAt(cron, 'spec', 'failedJobsHistoryLimit') ?? 1),
  ];
  await removeJobs(client, cron, surplus);
}

function oldest(jobs: readonly KubeObject[], keep: number): KubeObject[] {
  const sorted = [...jobs].sort((a, b) =>
    (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? ''),
  );
  return sorted.slice(0, Math.max(0, sorted.length - keep));
}
