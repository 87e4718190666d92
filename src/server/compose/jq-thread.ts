// jq in a thread of its own: an expression that does not end is stopped, and nothing else waits for it.

import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { HawserError } from '../../core/errors.ts';

export interface JqResult {
  readonly output?: string;
  /** jq's own words. */
  readonly error?: string;
}

export interface JqThread {
  /** One question after the other: the limit is for the expression, not for the queue. Throws `timed-out`. */
  run(input: string, filter: string, flags?: readonly string[]): Promise<JqResult>;
  close(): Promise<void>;
}

/** To load what was compiled takes a moment on a slow machine. */
const START_LIMIT_MS = 60_000;

// The thread's own code: the package is CommonJS, and what it prints is the answer.
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const jq = require(workerData);
jq.raw('null', '.').then(() => parentPort.postMessage({ output: 'ready' }));
parentPort.on('message', async ({ input, filter, flags }) => {
  try {
    parentPort.postMessage({ output: await jq.raw(input, filter, flags) });
  } catch (error) {
    parentPort.postMessage({ error: String(error && error.message) });
  }
});`;

/** The thread is started with the first expression, and anew after one that was stopped. */
export function createJqThread(limit: number): JqThread {
  let thread: Promise<Worker> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function start(): Promise<Worker> {
    const worker = new Worker(THREAD, { eval: true, workerData: fileURLToPath(import.meta.resolve('jq-wasm')) });
    worker.unref();
    await answerOf(worker, START_LIMIT_MS);
    return worker;
  }

  async function ask(question: { input: string; filter: string; flags: readonly string[] }): Promise<JqResult> {
    thread ??= start();
    const worker = await thread;
    const answer = answerOf(worker, limit);
    worker.postMessage(question);
    try {
      return await answer;
    } catch (thrown) {
      thread = undefined;
      await worker.terminate();
      throw thrown;
    }
  }

  return {
    run(input, filter, flags = ['-c']) {
      const answer = last.then(() => ask({ input, filter, flags }));
      last = answer.catch(() => undefined);
      return answer;
    },
    async close() {
      const worker = await thread?.catch(() => undefined);
      await worker?.terminate();
    },
  };
}

/** The first line of what jq says, without the place in a shell that there is none of. */
export const jqReason = (message: string): string =>
  (message.split('\n')[0] ?? '')
    .replace(/^.*jq: error(?: \(at [^)]*\))?:? /, '')
    .replace(/ *(\(Unix shell quoting issues\?\))? at <top-level>.*$/, '');

function answerOf(worker: Worker, limit: number): Promise<JqResult> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      clearTimeout(timer);
      worker.off('message', answered);
      worker.off('error', failed);
    };
    const answered = (answer: JqResult): void => {
      done();
      resolve(answer);
    };
    const failed = (error: unknown): void => {
      done();
      reject(new HawserError('internal', 'jq could not be started', { cause: error }));
    };
    const stopped = (): void => {
      done();
      reject(new HawserError('timed-out', `JQ patch execution timed out (${limit / 1000}s)`));
    };
    const timer = setTimeout(stopped, limit);
    worker.on('message', answered);
    worker.on('error', failed);
  });
}
