// jq in a thread of its own: an expression that does not end is stopped, and nothing else waits for it.

import { Worker } from 'node:worker_threads';
import { HawserError } from '../../core/errors.ts';
import { isList } from '../../core/json.ts';
import type { DeleteByJq } from '../../engine/diff/ignore.ts';
import { isKubeObject } from '../../objects/object.ts';

/** How long an expression may take, as in the reference. */
const LIMIT_MS = 1000;

interface JqResult {
  readonly output?: string;
  readonly error?: string;
}

// The thread's own code: the package is CommonJS, and what it prints is the answer.
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const jq = require(workerData);
jq.raw('null', '.').then(() => parentPort.postMessage({ output: 'ready' }));
parentPort.on('message', async ({ input, filter }) => {
  try {
    parentPort.postMessage({ output: await jq.raw(input, filter, ['-c']) });
  } catch (error) {
    parentPort.postMessage({ error: String(error && error.message) });
  }
});`;

/** `path` is the file of the package. The thread is started with the first expression, and anew after one that was stopped. */
export function createJq(path: string): DeleteByJq {
  let thread: Promise<Worker> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function start(): Promise<Worker> {
    const worker = new Worker(THREAD, { eval: true, workerData: path });
    worker.unref();
    await answerOf(worker);
    return worker;
  }

  async function ask(input: string, filter: string): Promise<JqResult> {
    thread ??= start();
    const worker = await thread;
    const answer = answerOf(worker, LIMIT_MS);
    worker.postMessage({ input, filter });
    try {
      return await answer;
    } catch (thrown) {
      thread = undefined;
      await worker.terminate();
      throw thrown;
    }
  }

  /** One question after the other: the limit is for the expression, not for the queue. */
  function inTurn(input: string, filter: string): Promise<JqResult> {
    const answer = last.then(() => ask(input, filter));
    last = answer.catch(() => undefined);
    return answer;
  }

  return async (objects, expressions) => {
    const deletions = expressions.map((expression) => `(. as $whole | try del(${expression}\n) catch $whole)`);
    const answer = await inTurn(JSON.stringify(objects), `map(${deletions.join(' | ')})`);
    if (answer.error !== undefined) throw await brokenOf(expressions, answer.error);
    const changed: unknown = JSON.parse(answer.output ?? '');
    // What is not one object any more is no deletion: it stays as it was.
    return objects.map((object, index) => {
      const one: unknown = isList(changed) && changed.length === objects.length ? changed[index] : undefined;
      return isKubeObject(one) ? one : object;
    });
  };

  /** Which expression is no jq. */
  async function brokenOf(expressions: readonly string[], message: string): Promise<HawserError> {
    for (const expression of expressions) {
      const { error } = await inTurn('null', `try del(${expression}\n) catch .`);
      if (error !== undefined) return broken(expression, error);
    }
    return broken(expressions.join(', '), message);
  }
}

function broken(expression: string, message: string): HawserError {
  const first = message.split('\n')[0] ?? '';
  const why = first.replace(/^.*jq: error: /, '').replace(/ *(\(Unix shell quoting issues\?\))? at <top-level>.*$/, '');
  return new HawserError('invalid', `jqPathExpressions: '${expression}' is no jq path: ${why}`, {
    hint: 'try it: jq "del(EXPRESSION)" on the live manifest',
  });
}

function answerOf(worker: Worker, limit?: number): Promise<JqResult> {
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
      reject(new HawserError('timed-out', `JQ patch execution timed out (${LIMIT_MS / 1000}s)`));
    };
    const timer = limit === undefined ? undefined : setTimeout(stopped, limit);
    worker.on('message', answered);
    worker.on('error', failed);
  });
}
