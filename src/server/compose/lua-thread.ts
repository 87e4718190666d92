// Lua in a thread of its own: a script that does not end is stopped, one that takes too much memory ends its thread, and nothing
// else waits for either.

import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ScriptRequest, ScriptResult } from '../../core/lua/script.ts';
import type { Clock } from '../../core/time.ts';
import { type RunScript, TIMED_OUT } from '../../engine/scripts/scripts.ts';

/** How long a script may take, as in the reference. */
const LIMIT_MS = 1000;

/** To load the interpreter takes a moment on a slow machine. */
const START_LIMIT_MS = 60_000;

/** A script that has been stopped is not tried again for so long: each try costs all others its time. */
const BAN_MS = 60_000;

const MEMORY_MB = 64;

const OUT_OF_MEMORY = 'not enough memory';

/** In the bundle the interpreter is a file of its own; of the sources, tsx reads it. */
const IS_SOURCE = import.meta.url.endsWith('.ts');
const INTERPRETER = IS_SOURCE ? '../../core/lua/script.ts' : './packages/lua.js';

const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
if (workerData.loader) require(workerData.loader).register();
const { runScript } = require(workerData.interpreter);
parentPort.postMessage('ready');
parentPort.on('message', (request) => parentPort.postMessage(runScript(request)));`;

function startWorker(): Worker {
  const interpreter = fileURLToPath(new URL(INTERPRETER, import.meta.url));
  const loader = IS_SOURCE ? createRequire(import.meta.url).resolve('tsx/cjs/api') : undefined;
  const resourceLimits = { maxOldGenerationSizeMb: MEMORY_MB, maxYoungGenerationSizeMb: 16 };
  const worker = new Worker(THREAD, { eval: true, workerData: { interpreter, loader }, resourceLimits });
  worker.unref();
  return worker;
}

/** The thread is started with the first script, and anew after one that was stopped. */
export function createLuaThread(clock: Pick<Clock, 'now'>): RunScript {
  let thread: Promise<Worker> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const banned = new Map<string, number>();

  async function start(): Promise<Worker> {
    const worker = startWorker();
    await answerOf(worker, START_LIMIT_MS);
    return worker;
  }

  async function ask(request: ScriptRequest): Promise<ScriptResult> {
    if ((banned.get(request.script) ?? 0) > clock.now()) return { error: TIMED_OUT };
    thread ??= start();
    try {
      const worker = await thread;
      const answer = answerOf(worker, LIMIT_MS);
      worker.postMessage(request);
      return await answer;
    } catch (thrown) {
      const worker = await thread?.catch(() => undefined);
      thread = undefined;
      await worker?.terminate();
      banned.set(request.script, clock.now() + BAN_MS);
      return { error: thrown instanceof Error ? thrown.message : String(thrown) };
    }
  }

  return (run) => {
    const answer = last.then(() => ask({ ...run, now: clock.now() }));
    last = answer;
    return answer;
  };
}

function answerOf(worker: Worker, limit: number): Promise<ScriptResult> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      clearTimeout(timer);
      worker.off('message', answered);
      worker.off('error', failed);
    };
    const answered = (answer: ScriptResult): void => {
      done();
      resolve(answer);
    };
    const failed = (error: Error & { readonly code?: string }): void => {
      done();
      reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new Error(OUT_OF_MEMORY) : error);
    };
    const timer = setTimeout(() => {
      done();
      reject(new Error(TIMED_OUT));
    }, limit);
    worker.on('message', answered);
    worker.on('error', failed);
  });
}
