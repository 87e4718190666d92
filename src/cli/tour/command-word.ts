// How the user can call this program again: a line that is shown can be pasted.

import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Environment } from '../io/colour.ts';

const NAME = 'hawser';

/** 'hawser' where that is this program on PATH, 'npx hawser' where npx runs it, else its whole path. */
export function commandWord(env: Environment, program: string): string {
  if (env['npm_command'] === 'exec') return `npx ${NAME}`;
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const first = folders.map((folder) => join(folder, NAME)).find(isProgram);
  return first !== undefined && realPath(first) === realPath(program) ? NAME : program;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
