// When each application is to be compared again, and how much of it is asked anew.

import type { Clock } from '../core/time.ts';
import type { Application } from '../model/application.ts';
import { type ApplicationKey, applicationKey } from '../model/application-key.ts';
import { REFRESH_ANNOTATION } from '../model/refresh.ts';
import { comparesSpec, higherLevel, type RefreshLevel } from './refresh.ts';

/**
 * The poll is every 1½ to 2 minutes, so that applications do not all ask at once. What a repository said within the last minute
 * is not asked again (repo/git/repositories.ts): a commit is noticed within the documented 3 minutes.
 */
export const RESYNC_MS = 90_000;

export interface RefreshSchedule {
  /** Compares at this level with the next turn. */
  request(key: ApplicationKey, level: RefreshLevel): void;
  isRequested(key: ApplicationKey): boolean;
  /** What differs still is healed again after so many milliseconds. */
  healAfter(key: ApplicationKey, milliseconds: number): void;
  /** Compares after so many milliseconds, also when nothing else asks for it. */
  checkAfter(key: ApplicationKey, milliseconds: number): void;
  /** A comparison begins: what was due is being done. */
  begin(key: ApplicationKey): void;
  /** A comparison of this specification has ended. */
  end(app: Application): void;
  /** Nothing has changed since the last comparison: the next poll counts from now. */
  skip(key: ApplicationKey): void;
  /** Whether the specification is the one that was compared last. */
  isCompared(app: Application): boolean;
  /** The level that is due, undefined when nothing is. */
  dueLevel(app: Application): RefreshLevel | undefined;
  forget(key: ApplicationKey): void;
}

export function createRefreshSchedule(clock: Clock): RefreshSchedule {
  const levels = new Map<ApplicationKey, RefreshLevel>();
  /** The specification that this process compared last. */
  const specs = new Map<ApplicationKey, string>();
  const heals = new Map<ApplicationKey, number>();
  const checks = new Map<ApplicationKey, number>();
  const skipped = new Map<ApplicationKey, number>();

  const isCompared = (app: Application): boolean =>
    comparesSpec(app) || specs.get(applicationKey(app.metadata)) === JSON.stringify(app.spec);

  function dueLevel(app: Application): RefreshLevel | undefined {
    const key = applicationKey(app.metadata);
    const requested = levels.get(key);
    const atLeast = (level: RefreshLevel): RefreshLevel => higherLevel(requested ?? level, level);
    const annotation = app.metadata.annotations?.[REFRESH_ANNOTATION];
    if (annotation !== undefined) return annotation === 'hard' ? 'hard' : atLeast('resolve');
    if (!isCompared(app)) return atLeast('resolve');
    if (endedSinceCompared(app)) return atLeast('latest');
    const now = clock.now();
    if (now >= (heals.get(key) ?? Number.POSITIVE_INFINITY)) return atLeast('recent');
    const last = Math.max(skipped.get(key) ?? 0, reconciledAt(app));
    const isDue = now - last >= RESYNC_MS || now >= (checks.get(key) ?? Number.POSITIVE_INFINITY);
    return isDue ? atLeast('latest') : requested;
  }

  return {
    request: (key, level) => {
      levels.set(key, higherLevel(levels.get(key) ?? 'recent', level));
    },
    isRequested: (key) => levels.has(key),
    healAfter: (key, milliseconds) => {
      heals.set(key, clock.now() + milliseconds);
    },
    checkAfter: (key, milliseconds) => {
      checks.set(key, clock.now() + milliseconds);
    },
    begin: (key) => {
      for (const times of [levels, heals, checks]) times.delete(key);
    },
    end: (app) => {
      specs.set(applicationKey(app.metadata), JSON.stringify(app.spec));
    },
    skip: (key) => {
      for (const times of [levels, checks]) times.delete(key);
      skipped.set(key, clock.now());
    },
    isCompared,
    dueLevel,
    forget: (key) => {
      for (const part of [levels, specs, heals, checks, skipped]) part.delete(key);
    },
  };
}

/** An operation ended and the process with it, before what it did was compared. */
function endedSinceCompared(app: Application): boolean {
  const state = app.status?.operationState;
  const finished = state?.phase === 'Running' ? undefined : state?.finishedAt;
  return finished !== undefined && Date.parse(finished) > reconciledAt(app);
}

const reconciledAt = ({ status }: Application): number => Date.parse(status?.reconciledAt ?? '1970-01-01T00:00:00Z');
