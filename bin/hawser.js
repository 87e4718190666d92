#!/usr/bin/env node
import { writeSync } from 'node:fs';
import { keptAnswer } from '../dist/kept.js';

const answer = keptAnswer(process);
if (answer === undefined) {
  // Where Node can keep compiled code, the second start is faster.
  process.getBuiltinModule('module').enableCompileCache?.();
  await import('../dist/main.js');
} else {
  // Written straight to the descriptor: a stream would take longer to make than the answer to find.
  try {
    writeSync(1, answer);
  } catch (error) {
    if (error.code !== 'EPIPE') throw error;
  }
}
