// Where the program begins: with built answers and the code cache, so that little is left to do.

import { writeSync } from 'node:fs';
import { leaveUnwritten } from '../cli/io/unwritten.ts';
import { builtAnswer } from './built-answers.ts';

const LEAVE_AFTER_MS = 100;

const answer = builtAnswer(process);
if (answer === undefined) void run();
else print(answer);

async function run(): Promise<void> {
  const { openBundle } = await import('./code-cache.ts');
  const program = openBundle(__dirname).load('./main.js');
  if (typeof program !== 'object' || program === null || !('main' in program))
    throw new Error('dist/main.js is broken');
  if (typeof program.main !== 'function') return;
  await program.main();
  setTimeout(leave, LEAVE_AFTER_MS).unref();
}

/** Ends a command that has its answer, though a name is still being resolved or a connection made for it. */
function leave(): void {
  if (process.stdout.writableLength + process.stderr.writableLength === 0) process.exit();
  setTimeout(leave, LEAVE_AFTER_MS);
}

/** Straight to the descriptor: making a stream takes longer than finding the answer. */
function print(text: string): void {
  try {
    writeSync(1, text);
  } catch (thrown) {
    leaveUnwritten(thrown);
  }
}
