// One thing done to many applications: so many at once, to the end of those that an application deploys where that is asked,
// with one answer for all of them.

import { asHawserError, EXIT_CODES, HawserError } from '../../core/errors.ts';
import type { Application } from '../../model/application.ts';
import { APPLICATION_TYPE } from '../../model/application-key.ts';
import { outcomeTable } from '../../render/applications.ts';
import type { Task } from '../../render/wait-result.ts';
import { ciOf } from '../ci/detect.ts';
import type { Context } from '../context.ts';
import { writeDocument } from '../output/document.ts';
import { type Conclusion, conclude } from './conclude.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import type { WaitingFlags } from './flags.ts';
import { createProgress } from './progress/create.ts';
import type { Progress, ProgressSetting } from './progress/progress.ts';
import { asChosen, type Chosen } from './selection.ts';

export type Ended = Omit<Conclusion, 'output'>;

export interface Share {
  readonly deadline: Deadline;
  readonly progress: Progress;
}

/** 'stop': a person said no, and nothing more is done. */
export type Run = (application: Chosen, share: Share) => Promise<Ended | 'stop'>;

export interface Many {
  readonly task: Task;
  readonly members: readonly Chosen[];
  readonly flags: WaitingFlags & { readonly output: string };
  readonly run: Run;
  /** What is done to the applications that an application deploys, with --recursive. */
  readonly toChildren: Run;
}

/** Does it, writes the answer, and throws the worst failure. */
export async function runForEach(many: Many, context: Context): Promise<void> {
  const { task, members, flags } = many;
  const isTogether = context.policy.defaults.waitsTogether && (members.length > 1 || flags.recursive);
  const run = isTogether ? together : oneAfterTheOther;
  if (flags.junit === undefined && ciOf(context) === 'none') return run(many, context);
  const { reported, withReport } = await import('../ci/report.ts');
  await withReport({ task, junit: flags.junit }, context, (note) => {
    const began = context.clock.now();
    const noteResult: Note = ({ member, application, failure }) => {
      const seconds = Math.round((context.clock.now() - began) / 1000);
      const isSkipped = failure?.reason?.kind === 'not-attempted';
      note({ label: member.label, application, failure: reported(failure), isSkipped, seconds });
    };
    return run(many, context, noteResult);
  });
}

type Note = (result: Result) => void;
const NOBODY: Note = () => undefined;

const settingOf = ({ task, flags }: Many, several: boolean): ProgressSetting => ({
  task,
  output: flags.output,
  mode: flags.progress,
  several,
});

async function oneAfterTheOther(many: Many, context: Context, note: Note = NOBODY): Promise<void> {
  const { members, flags, run } = many;
  for (const one of members) {
    const deadline = startDeadline(flags.timeout, context);
    const progress = await createProgress(settingOf(many, false), context);
    try {
      const ended = await noted(one, note, () => run(one, { deadline, progress }));
      if (ended === 'stop') return;
      progress.conclude(ended.application, ended.failure);
      progress.end();
      await conclude({ ...ended, output: flags.output }, context);
    } finally {
      progress.end();
      deadline.end();
    }
  }
}

async function noted(member: Chosen, note: Note, run: () => Promise<Ended | 'stop'>): Promise<Ended | 'stop'> {
  try {
    const ended = await run();
    if (ended !== 'stop') note({ member, application: ended.application, failure: ended.failure });
    return ended;
  } catch (thrown) {
    note({ member, failure: asHawserError(thrown) });
    throw thrown;
  }
}

interface Job {
  readonly member: Chosen;
  readonly run: Run;
}

interface Result {
  readonly member: Chosen;
  readonly application?: Application;
  readonly failure?: HawserError;
}

async function together(many: Many, context: Context, note: Note = NOBODY): Promise<void> {
  const { flags } = many;
  const deadline = startDeadline(flags.timeout, context);
  const progress = await createProgress(settingOf(many, true), context);
  const results = new Map<string, Result>();
  const jobs: Job[] = many.members.map((member) => ({ member, run: many.run }));
  let next = 0;
  let isStopped = false;

  const work = async (): Promise<void> => {
    while (!isStopped) {
      const job = jobs[next];
      if (!job) return;
      next += 1;
      const result = await resultOf(job, { deadline, progress });
      note(result);
      results.set(job.member.label, result);
      if (result.failure && !flags.keepGoing) isStopped = true;
      if (flags.recursive && result.application && !result.failure)
        jobs.push(...childrenOf(result.application, jobs, many));
    }
  };
  try {
    // A worker that finds nothing to do may be early: children come when their parent has ended.
    while (next < jobs.length && !isStopped) await Promise.all(Array.from({ length: flags.parallel }, work));
  } finally {
    progress.end();
    deadline.end();
  }
  const skipped = jobs.filter(({ member }) => !results.has(member.label));
  for (const { member } of skipped) {
    const result = { member, failure: notAttempted(member) };
    results.set(member.label, result);
    note(result);
  }
  await writeResults(
    jobs.flatMap(({ member }) => results.get(member.label) ?? []),
    flags.output,
    context,
  );
}

async function resultOf({ member, run }: Job, share: Share): Promise<Result> {
  try {
    const ended = await run(member, share);
    if (ended === 'stop') return { member, failure: notAttempted(member) };
    share.progress.conclude(ended.application, ended.failure);
    return { member, application: ended.application, failure: ended.failure };
  } catch (thrown) {
    const failure = asHawserError(thrown);
    if (failure.code === 'interrupted' || failure.code === 'terminated' || failure.code === 'internal') throw failure;
    return { member, failure };
  }
}

function childrenOf(app: Application, jobs: readonly Job[], { toChildren }: Many): Job[] {
  const children = (app.status?.resources ?? [])
    .filter(({ group, kind }) => kind === APPLICATION_TYPE.kind && group === APPLICATION_TYPE.group)
    .map(({ name = '', namespace }) => asChosen({ metadata: namespace ? { name, namespace } : { name } }));
  const isKnown = (child: Chosen): boolean => jobs.some(({ member }) => member.target.name === child.target.name);
  return children.filter((child) => !isKnown(child)).map((member) => ({ member, run: toChildren }));
}

const notAttempted = ({ target }: Chosen): HawserError =>
  new HawserError('needs-decision', `'${target.name}' was not done: another one failed first`, {
    hint: '--keep-going',
    reason: { kind: 'not-attempted' },
  });

const hasFailed = ({ failure }: Result): boolean => failure !== undefined && failure.reason?.kind !== 'not-attempted';

async function writeResults(results: readonly Result[], output: string, context: Context): Promise<void> {
  const isDocument = await writeDocument(results.map(documentOf), output, context);
  if (!isDocument) {
    const { style, table, now } = await context.view();
    const rows = results.map((result) => ({
      name: result.member.label,
      application: result.application,
      failure: result.failure?.message.split('\n')[0],
    }));
    context.io.out.write(table(outcomeTable(rows, now), style));
  }
  const failed = results.filter(hasFailed);
  const [worst] = failed.map(({ failure }) => asHawserError(failure)).sort((a, b) => exitOf(b) - exitOf(a));
  if (!worst) return;
  const message = failed.map(({ failure }) => failure?.message ?? '').join('\n');
  throw new HawserError(worst.code, message, {
    hint: worst.hint,
    details: { failed: failed.map(({ member }) => member.label), failures: failed.map(failureOf) },
    ...(isDocument ? { reason: { kind: 'in-answer' } } : {}),
    cause: worst,
  });
}

const failureOf = ({ member, failure }: Result): object => ({
  application: member.label,
  code: failure?.code,
  message: failure?.message,
});

const exitOf = ({ code }: HawserError): number => EXIT_CODES[code];

/** An application, and what it failed at beside it. */
function documentOf({ member, application, failure }: Result): unknown {
  const { name, appNamespace } = member.target;
  const subject = application ?? { metadata: appNamespace ? { name, namespace: appNamespace } : { name } };
  if (!failure) return subject;
  const { code, message, hint, details } = failure;
  return { ...subject, error: { code, exit: EXIT_CODES[code], message, hint, details } };
}
