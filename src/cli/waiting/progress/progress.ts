import type { HawserError } from '../../../core/errors.ts';
import type { Application } from '../../../model/application.ts';
import type { ResourceState } from '../../../render/states.ts';
import type { Task } from '../../../render/wait-result.ts';
import type { ProgressMode } from '../flags.ts';

/** What tells a wait while it lasts. */
export interface Progress {
  /** What is waited for, before anything has changed. */
  begin(app: Application, states: readonly ResourceState[]): void;
  show(app: Application, states: readonly ResourceState[]): void;
  /** A remark that stays. */
  say(text: string): void;
  /** Somebody is asked something: the terminal is theirs until the next change. */
  pause(): void;
  /** What came of an application. */
  conclude(application: Application, failure: HawserError | undefined): void;
  end(): void;
}

export interface ProgressSetting {
  readonly task: Task;
  /** The format of the answer. */
  readonly output: string;
  readonly mode: ProgressMode | undefined;
  /** Each line names its application. */
  readonly several: boolean;
}
