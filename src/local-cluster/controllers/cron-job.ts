// CronJobs: a Job at each time of a schedule.

import type { CronSchedule } from '../../core/cron.ts';
import { at, type Json, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Told } from '../events/event.ts';
import { recordEvent } from '../events/record.ts';
import { ofCronJob } from '../events/tell.ts';
import { isTerminating } from '../object-meta.ts';
import { conditionOf } from './conditions.ts';
import { isFinished } from './job-status.ts';
import { ownedBy, ownerOfKind, ownerReference, type Reconciler, type ReconcilerClient } from './reconciler.ts';
import { textsOf } from './template.ts';

const CRON_JOBS = 'batch/cronjobs';
const JOBS = 'batch/jobs';
const FIRST_SPAN_MS = 60_000;

export function cronJobs(): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage: CRON_JOBS,
    watches: { [JOBS]: ownerOfKind('CronJob') },
    reconcile: async (client, cron) => {
      if (isTerminating(cron)) return undefined;
      const schedule = await scheduleOf(client, cron);
      const owned = ownedBy(client, JOBS, cron);
      await cleanUp(client, cron, owned);
      if (!schedule || at(cron, 'spec', 'suspend') === true) {
        const { active: _active, ...kept } = objectAt(cron, 'status');
        const under = owned
          .filter((job) => !isFinished(job))
          .map((job) => referenceTo(job, listAt(cron, 'status', 'active')));
        const active = under.length > 0 ? { active: under } : {};
        await client.updateStatus(CRON_JOBS, cron, { ...kept, ...active, ...lastSuccess(cron, owned) });
        return undefined;
      }
      const last = Date.parse(textAt(cron, 'status', 'lastScheduleTime') || (cron.metadata.creationTimestamp ?? ''));
      const missed = latestBefore(client.now(), schedule, last);
      const active = owned.filter((job) => !isFinished(job));
      const policy = textAt(cron, 'spec', 'concurrencyPolicy');
      const blocked = active.length > 0 && policy === 'Forbid';
      for (const told of endings(cron, owned)) recordEvent(client, cron, told);
      if (missed !== undefined && blocked) recordEvent(client, cron, ofCronJob.blocked());
      if (missed !== undefined && policy === 'Replace') await removeJobs(client, cron, active);
      if (missed !== undefined && !blocked) await createJob(client, cron, missed);
      const current = ownedBy(client, JOBS, cron).filter((job) => !isFinished(job));
      const status = objectAt(cron, 'status');
      const { active: _active, ...kept } = status;
      const references = current.map((job) => referenceTo(job, listAt(status, 'active')));
      await client.updateStatus(CRON_JOBS, cron, {
        ...kept,
        ...(references.length > 0 ? { active: references } : {}),
        ...(missed !== undefined && !blocked ? { lastScheduleTime: timestamp(missed) } : {}),
        ...lastSuccess(cron, owned),
      });
      return schedule.next(client.now());
    },
  };
}

/** A Job that is under way, as it was when it was made. */
function referenceTo(job: KubeObject, known: readonly Json[]): Json {
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = job.metadata;
  const present = known.find((reference) => textAt(reference, 'uid') === uid);
  return present ?? { apiVersion: 'batch/v1', kind: 'Job', name, namespace, uid, resourceVersion };
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

/** The last time that is due; times missed before it are not made up for. */
function latestBefore(now: number, schedule: CronSchedule, from: number): number | undefined {
  // With a clock that was moved forward they may be millions: it is looked for backward, in spans that double.
  for (let span = FIRST_SPAN_MS; ; span *= 2) {
    const start = Math.max(from, now - span);
    let latest: number | undefined;
    for (let time = schedule.next(start); time !== undefined && time <= now; time = schedule.next(time)) latest = time;
    if (latest !== undefined || start === from) return latest;
  }
}

async function createJob(client: ReconcilerClient, cron: KubeObject, time: number): Promise<void> {
  const template = objectAt(cron, 'spec', 'jobTemplate');
  const name = `${cron.metadata.name ?? ''}-${Math.floor(time / 60_000)}`;
  const namespace = cron.metadata.namespace ?? '';
  if (client.get(JOBS, namespace, name)) return;
  const scheduled = { 'batch.kubernetes.io/cronjob-scheduled-timestamp': timestamp(time) };
  await client.create(JOBS, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace,
      labels: textsOf(at(template, 'metadata', 'labels')),
      annotations: { ...textsOf(at(template, 'metadata', 'annotations')), ...scheduled },
      ownerReferences: [ownerReference(cron)],
    },
    spec: objectAt(template, 'spec'),
  });
  recordEvent(client, cron, ofCronJob.created(name));
}

async function removeJobs(client: ReconcilerClient, cron: KubeObject, jobs: readonly KubeObject[]): Promise<void> {
  await Promise.all(jobs.map((job) => client.remove(JOBS, job)));
  for (const { metadata } of jobs) recordEvent(client, cron, ofCronJob.deleted(metadata.name ?? ''));
}

/** Of the Jobs that were under way when it was last looked: those that have ended. */
function endings(cron: KubeObject, owned: readonly KubeObject[]): readonly Told[] {
  const active = listAt(cron, 'status', 'active').map((reference) => textAt(reference, 'uid'));
  return owned
    .filter((job) => active.includes(job.metadata.uid ?? '') && isFinished(job))
    .map((job) => ofCronJob.ended(job.metadata.name ?? '', conditionOf(job, 'Failed') ? 'Failed' : 'Complete'));
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
