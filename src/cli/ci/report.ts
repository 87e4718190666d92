// The reports of a run: a JUnit file, and what GitHub Actions shows of a step and hands to the next.

import { type HawserError, messageOf } from '../../core/errors.ts';
import { renderJunit } from '../../render/junit.ts';
import { type RunResult, renderRunReport, testCases } from '../../render/run-report.ts';
import type { Task } from '../../render/wait-result.ts';
import type { Context } from '../context.ts';
import { appendToFile, openReportFile, type ReportFile } from '../io/report-file.ts';
import { ciOf } from './detect.ts';
import { outputLines } from './github.ts';

export interface ReportSetting {
  readonly task: Task;
  /** The path of a JUnit file. */
  readonly junit: string | undefined;
}

/** Runs, and reports what the run has noted, also where it failed. */
export async function withReport(
  { task, junit }: ReportSetting,
  context: Context,
  run: (note: (result: RunResult) => void) => Promise<void>,
): Promise<void> {
  const file = junit === undefined ? undefined : await openReportFile(junit);
  const results: RunResult[] = [];
  let failure: unknown;
  let hasFailed = false;
  try {
    await run((result) => results.push(result));
  } catch (thrown) {
    failure = thrown;
    hasFailed = true;
  }
  try {
    await publish({ task, file, results }, context);
  } catch (thrown) {
    if (!hasFailed) throw thrown;
    context.say(`warning: ${messageOf(thrown)}`);
  }
  if (hasFailed) throw failure;
}

interface Publication {
  readonly task: Task;
  readonly file: ReportFile | undefined;
  readonly results: readonly RunResult[];
}

async function publish({ task, file, results }: Publication, context: Context): Promise<void> {
  if (results.length === 0) return file?.discard();
  if (ciOf(context) === 'github') tellGithub(task, results, context);
  const cases = results.flatMap((result) => testCases(task, result));
  await file?.write(renderJunit(`hawser app ${task}`, cases));
}

/** The pipeline's files are its own business: one that cannot be written fails nothing. */
function tellGithub(task: Task, results: readonly RunResult[], { env, say }: Context): void {
  const texts = [
    ['GITHUB_STEP_SUMMARY', renderRunReport(`hawser app ${task}`, results)],
    ['GITHUB_OUTPUT', outputLines(outputsOf(results))],
  ] as const;
  for (const [name, text] of texts) {
    const path = env[name];
    if (!path) continue;
    try {
      appendToFile(path, text);
    } catch (thrown) {
      say(`warning: cannot write ${name}: ${messageOf(thrown)}`);
    }
  }
}

function outputsOf(results: readonly RunResult[]): Record<string, string> {
  const failed = results.filter(({ failure }) => failure);
  const result = {
    result: failed.length > 0 ? 'failed' : 'succeeded',
    failed: failed.map(({ label }) => label).join(','),
  };
  const [only, ...others] = results;
  if (!only || others.length > 0) return result;
  const { sync, health } = only.application?.status ?? {};
  return {
    ...result,
    application: only.label,
    'sync-status': sync?.status ?? '',
    'health-status': health?.status ?? '',
    revision: sync?.revision || sync?.revisions?.[0] || '',
  };
}

/** What a report says of a failure. */
export const reported = (failure: HawserError | undefined): RunResult['failure'] =>
  failure && {
    code: failure.code,
    message: failure.hint === undefined ? failure.message : `${failure.message}\nhint: ${failure.hint}`,
  };
