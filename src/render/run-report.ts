// What came of a sync or a wait of some applications, for the reports of a pipeline.

import type { Application } from '../model/application.ts';
import type { TestCase } from './junit.ts';
import { resourceStates } from './states.ts';
import type { Task } from './wait-result.ts';
import { elapsedText } from './waiting.ts';

export interface RunResult {
  readonly label: string;
  /** Absent where it was never seen. */
  readonly application: Application | undefined;
  readonly failure: { readonly code: string; readonly message: string } | undefined;
  /** It was not tried, because another one failed first. */
  readonly isSkipped: boolean;
  readonly seconds: number;
}

const BROKEN: readonly string[] = ['Degraded', 'SyncFailed', 'Failed', 'Error'];

/** A case for the application and one for each of its resources. */
export function testCases(task: Task, { label, application, failure, isSkipped, seconds }: RunResult): TestCase[] {
  if (isSkipped) return [{ suite: label, name: task, skipped: failure?.message.split('\n')[0] ?? '' }];
  const whole: TestCase = {
    suite: label,
    name: task,
    seconds,
    ...(failure ? { failure: { type: failure.code, message: failure.message } } : {}),
  };
  const parts = (application ? resourceStates(application) : []).map((state): TestCase => {
    const type = [state.health, state.status].find((word) => BROKEN.includes(word));
    const name = `${state.kind} ${state.namespace === '' ? state.name : `${state.namespace}/${state.name}`}`;
    const message = state.reason || state.message || (type ?? '');
    return { suite: label, name, ...(type === undefined ? {} : { failure: { type, message } }) };
  });
  return [whole, ...parts];
}

/** GitHub takes a megabyte for a step; a reader takes less. */
const LONGEST = 60_000;

/** A table with a row for each application, and under it what each failed at. */
export function renderRunReport(title: string, results: readonly RunResult[]): string {
  const rows = results.map((result) => `| ${cellsOf(result).map(escapeCell).join(' | ')} |\n`);
  const head = `### ${escapeCell(title)}\n\n| | Application | Sync | Health | Revision | Time |\n|---|---|---|---|---|---|\n`;
  const failures = results.flatMap(({ label, failure, isSkipped }) =>
    failure && !isSkipped ? [`\n**${escapeCell(label)}**\n\n${fenced(failure.message)}\n`] : [],
  );
  const text = `${head}${rows.join('')}${failures.join('')}`;
  return text.length <= LONGEST ? `${text}\n` : `${head}${summaryOf(results)}\n`;
}

/** A table that would be too long is a sentence. */
function summaryOf(results: readonly RunResult[]): string {
  const failed = results.filter(({ failure }) => failure).map(({ label }) => label);
  const names = failed.slice(0, 100).map(escapeCell).join(', ');
  const rest = failed.length > 100 ? ` and ${failed.length - 100} more` : '';
  return `\n${results.length} applications, ${failed.length} failed${names === '' ? '' : `: ${names}${rest}`}\n`;
}

function cellsOf({ label, application, failure, isSkipped, seconds }: RunResult): string[] {
  const sync = application?.status?.sync;
  const revision = sync?.revision || sync?.revisions?.[0] || '';
  const mark = isSkipped ? '⏭️' : failure ? '❌' : '✅';
  const short = /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : revision;
  const time = isSkipped ? '' : elapsedText(seconds);
  return [mark, label, sync?.status ?? '', application?.status?.health?.status ?? '', short, time];
}

const escapeCell = (text: string): string =>
  text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\`*_{}[\]<>()#+!|~]/g, (character) => `\\${character}`);

/** A block that no text can end. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
