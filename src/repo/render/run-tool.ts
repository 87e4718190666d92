import { join } from 'node:path';
import { HawserError } from '../../core/errors.ts';
import { shellWord } from '../../core/shell-word.ts';
import { childEnvironment } from '../environment.ts';
import { type Execution, execute } from '../execute.ts';
import type { ToolName } from '../tools.ts';
import type { Rendering } from './renderer.ts';

export interface ToolRun {
  readonly tool: ToolName;
  readonly arguments: readonly string[];
  /** Where it runs. */
  readonly folder: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Folders that mean nothing to a user, with what to show instead. */
  readonly hidden: readonly (readonly [string, string])[];
}

export interface ToolOutcome {
  readonly stdout: string;
  /** Empty when it succeeded. */
  readonly failure: string;
  /** The command line, fit to be shown. */
  readonly command: string;
}

const TIMEOUT_MS = 90_000;
/** Of all manifests of one application; its objects must be read in one go. */
const MAX_OUTPUT = 64 * 1024 * 1024;
const MAX_MEMORY_KIB = 2 * 1024 * 1024;

/** Runs a tool on a rendering; a failure is told in the outcome, so that the caller may try another way. */
export async function runTool(rendering: Rendering, run: ToolRun): Promise<ToolOutcome> {
  const program = await rendering.tools.find(run.tool);
  const { code, stdout, stderr } = await execute({
    ...bounded(program, run.arguments),
    name: run.tool,
    environment: childEnvironment(rendering.environment, run.environment),
    folder: run.folder,
    timeoutMs: TIMEOUT_MS,
    limitBytes: MAX_OUTPUT,
    signal: rendering.request.signal,
  });
  const temporary = join(rendering.home, 'scratch', '/');
  const show = (text: string): string =>
    run.hidden
      .reduce((shown, [place, instead]) => shown.replaceAll(place, instead), text)
      // The folders of other sources: what follows the random name tells enough.
      .split(temporary)
      .map((part, index) => (index === 0 ? part : part.replace(/^[\w-]+\/?/, '')))
      .join('');
  return {
    stdout: stdout.toString('utf8'),
    failure: code === 0 ? '' : reasonOf(show(stderr)),
    command: show([run.tool, ...run.arguments.map(withoutValue)].map(shellWord).join(' ')),
  };
}

export function toolFailure(tool: ToolName, { failure, command }: ToolOutcome, folder: string): HawserError {
  return new HawserError('invalid', `${tool} failed in '${folder || '.'}': ${failure}`, {
    // What the cluster serves is a hundred words, and not needed to repeat the command.
    hint: `the same by hand: ${command.replace(/ --api-versions \S+/g, '')}`,
  });
}

/** A template may loop: the system ends a program that takes too much memory, where it can. */
function bounded(program: string, words: readonly string[]): Pick<Execution, 'program' | 'arguments'> {
  if (process.platform !== 'linux') return { program, arguments: words };
  const script = `ulimit -d ${MAX_MEMORY_KIB} 2>/dev/null; exec "$0" "$@"`;
  return { program: '/bin/sh', arguments: ['-c', script, program, ...words] };
}

/** Values that are set one by one may be secrets: the command line is shown without them. */
function withoutValue(word: string, index: number, words: readonly string[]): string {
  return /^--set(-string)?$/.test(words[index - 1] ?? '') ? word.replace(/=[\s\S]*$/, '=***') : word;
}

function reasonOf(stderr: string): string {
  const isMemory = /out of memory|cannot allocate memory|bad_alloc/i.test(stderr);
  return isMemory ? `it needed more than ${MAX_MEMORY_KIB / 1024 / 1024} GiB of memory` : firstUsefulLine(stderr);
}

/** Tools wrap their failures in lines of noise: the first that speaks of an error, else the first of all. */
function firstUsefulLine(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim().replace(/^[EWF]\d{4} [\d:.]+ +\d+ [\w.]+:\d+\] (?:"command failed" err=)?/, ''))
    .filter((line) => line !== '' && !/^(WARNING|walk\.go|level=warn|# Warning)/.test(line));
  const index = lines.findIndex((line) => /^(error|Error|ERROR|RUNTIME ERROR|STATIC ERROR)\b/.test(line));
  const [first = 'it gave no reason', ...rest] = lines.slice(Math.max(index, 0));
  // A line that ends with a colon, or is only a place in a template, announces the reasons.
  const reasons = /(:|:\d+)$/.test(first) ? [first, ...rest.slice(0, 4)].join(' ') : first;
  return reasons.replace(/^(error|Error|ERROR): /, '').slice(0, 1000);
}
