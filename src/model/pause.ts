// An application that is paused: automated sync does not run. It is kept in annotations, so that any tool can read it.

import { isObject, parseJson } from '../core/json.ts';
import { fits } from '../core/shape.ts';
import { timestamp } from '../core/time.ts';
import { type Application, type AutomatedPolicy, automatedPolicy } from './application.ts';

export const PAUSE_ANNOTATIONS = {
  /** RFC 3339; any other text is a pause without an end. */
  until: 'hawser.dev/paused-until',
  reason: 'hawser.dev/paused-reason',
  /** The policy that was taken out, for a server that knows nothing of pauses. */
  automated: 'hawser.dev/paused-automated',
} as const;

const WITHOUT_END = 'resumed';

export interface Pause {
  /** Milliseconds since 1970; absent: until it is resumed. */
  readonly until: number | undefined;
  readonly reason: string;
  /** What comes back with the end of the pause. */
  readonly automated: AutomatedPolicy | undefined;
}

/** The pause of an application, over or not. */
export function pauseOf({ metadata }: Pick<Application, 'metadata'>): Pause | undefined {
  const annotations = metadata.annotations ?? {};
  const text = annotations[PAUSE_ANNOTATIONS.until];
  if (text === undefined) return undefined;
  const until = Date.parse(text);
  const automated = policyIn(annotations[PAUSE_ANNOTATIONS.automated]);
  return {
    until: Number.isNaN(until) ? undefined : until,
    reason: annotations[PAUSE_ANNOTATIONS.reason] ?? '',
    automated,
  };
}

function policyIn(text: string | undefined): AutomatedPolicy | undefined {
  if (text === undefined) return undefined;
  try {
    const value = parseJson(text);
    return isObject(value) && fits(automatedPolicy, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The pause that holds now. */
export function activePause(app: Pick<Application, 'metadata'>, now: number): Pause | undefined {
  const pause = pauseOf(app);
  return pause && (pause.until === undefined || pause.until > now) ? pause : undefined;
}

/** 'paused until 2026-01-05T12:00:00Z (release freeze)' */
export function pauseSentence({ until, reason }: Pause): string {
  const end = until === undefined ? 'paused' : `paused until ${timestamp(until)}`;
  return reason === '' ? end : `${end} (${reason})`;
}

type PauseAnnotation = (typeof PAUSE_ANNOTATIONS)[keyof typeof PAUSE_ANNOTATIONS];

/** What a merge patch makes of the annotations: a null removes one. */
export const NO_PAUSE: Readonly<Record<PauseAnnotation, string | null>> = {
  [PAUSE_ANNOTATIONS.until]: null,
  [PAUSE_ANNOTATIONS.reason]: null,
  [PAUSE_ANNOTATIONS.automated]: null,
};

export const pauseAnnotations = ({ until, reason, automated }: Pause): typeof NO_PAUSE => ({
  [PAUSE_ANNOTATIONS.until]: until === undefined ? WITHOUT_END : timestamp(until),
  [PAUSE_ANNOTATIONS.reason]: reason === '' ? null : reason,
  [PAUSE_ANNOTATIONS.automated]: automated === undefined ? null : JSON.stringify(automated),
});
