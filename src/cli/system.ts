// The door to the embedded system, the only file of the command line that imports it. Nothing of it is loaded before a
// command speaks to the local context.

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Clock } from '../core/time.ts';
import { createDoor, type DoorOptions, type Owned, ownForever } from '../server/door/own.ts';
import { openSystem } from '../server/start.ts';
import type { LocalSystem } from './context.ts';
import type { Environment } from './io/colour.ts';

export interface SystemSurroundings {
  readonly dataDir?: string | undefined;
  readonly env: Environment;
  readonly clock: Clock;
  readonly version: string;
  readonly say: (line: string) => void;
}

/** Connects to the owner of the data folder, or becomes it, when the first request is made. */
export async function openLocalSystem(surroundings: SystemSurroundings): Promise<LocalSystem> {
  const door = createDoor(doorOptions(surroundings));
  return { transport: { dispatch: (request) => door.dispatch(request) }, warnings: [], close: () => door.close() };
}

/** Owns the data folder until it is closed: what `hawser server` does. */
export function ownSystem(surroundings: SystemSurroundings): Promise<Owned> {
  return ownForever(doorOptions(surroundings));
}

/** `--data-dir`, HAWSER_DATA_DIR, else the place that XDG names. */
export function dataFolder({ dataDir, env }: Pick<SystemSurroundings, 'dataDir' | 'env'>): string {
  const named = dataDir || env['HAWSER_DATA_DIR'];
  if (named) return resolve(named);
  const home = env['HOME'] || homedir();
  return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'hawser');
}

function doorOptions(surroundings: SystemSurroundings): DoorOptions {
  const folder = dataFolder(surroundings);
  const { env, clock, version, say } = surroundings;
  return {
    folder,
    environment: { ...env },
    clock,
    say,
    open: () => openSystem({ folder, environment: { ...env }, clock, random: Math.random, version, log: say }),
  };
}
