import { type ApplicationTarget, getApplication } from '../../../../api/applications.ts';
import type { Context } from '../../../context.ts';
import { OPERATION_ONLY, waitFailure } from '../../../waiting/conclude.ts';
import { startDeadline } from '../../../waiting/deadline.ts';
import { type Wait, waitFor } from '../../../waiting/wait.ts';

export interface HealthWait {
  readonly target: ApplicationTarget;
  readonly grace: number;
  readonly timeout: number | undefined;
}

/** Looks at the cluster anew first: what the server knew before a change says nothing about after it. */
export async function waitForHealth({ target, grace, timeout }: HealthWait, context: Context): Promise<void> {
  const { client } = await context.connect();
  const application = await client.call(getApplication, { ...target, refresh: 'normal' });
  const deadline = startDeadline(timeout, context);
  const conditions = { ...OPERATION_ONLY, operation: false, health: true };
  const wait: Wait = { target, application, conditions, deadline, grace, output: '' };
  const outcome = await waitFor(wait, context);
  deadline.end();
  const failure = await waitFailure(wait, outcome, context);
  if (failure) throw failure;
}
