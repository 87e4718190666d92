import { type ApplicationTarget, getApplication } from '../../../../api/applications.ts';
import type { Context } from '../../../context.ts';
import { OPERATION_ONLY, waitFailure } from '../../../waiting/conclude.ts';
import { startDeadline } from '../../../waiting/deadline.ts';
import type { ProgressMode } from '../../../waiting/flags.ts';
import { withProgress } from '../../../waiting/progress/create.ts';
import { type Wait, waitFor } from '../../../waiting/wait.ts';

export interface HealthWait {
  readonly target: ApplicationTarget;
  readonly grace: number;
  readonly timeout: number | undefined;
  /** `--progress`. */
  readonly mode: ProgressMode | undefined;
}

/** Looks at the cluster anew first: what the server knew before a change says nothing about after it. */
export async function waitForHealth({ target, grace, timeout, mode }: HealthWait, context: Context): Promise<void> {
  const { client } = await context.connect();
  const application = await client.call(getApplication, { ...target, refresh: 'normal' });
  const deadline = startDeadline(timeout, context);
  const conditions = { ...OPERATION_ONLY, operation: false, health: true };
  const setting = { task: 'wait', output: '', mode, several: false } as const;
  const failure = await withProgress(setting, context, async (progress) => {
    const wait: Wait = { target, application, conditions, deadline, grace, progress };
    const outcome = await waitFor(wait, context);
    deadline.end();
    const cause = await waitFailure(wait, outcome, context);
    progress.conclude(outcome.application, cause);
    return cause;
  });
  if (failure) throw failure;
}
