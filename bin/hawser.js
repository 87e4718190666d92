#!/usr/bin/env node
import module from 'node:module';
import { keptAnswer } from '../dist/kept.js';

const answer = keptAnswer(process);
if (answer === undefined) {
  // Where Node can keep compiled code, the second start is faster.
  module.enableCompileCache?.();
  await import('../dist/main.js');
} else {
  process.stdout.on('error', () => process.exit(0)).write(answer);
}
