import { HawserError } from '../../../../core/errors.ts';
import { omitUndefined } from '../../../../core/omit-undefined.ts';
import { timestamp } from '../../../../core/time.ts';
import { isAutomated } from '../../../../model/application.ts';
import type { Context } from '../../../context.ts';
import { writePlanFile } from '../../../input/plan-file.ts';
import { type MadePlan, pinnedRequest } from '../shared/make-plan.ts';
import { stateOf } from '../shared/plan-state.ts';

/** Writes a plan for `app sync --plan-file`, and says how it is used. */
export async function savePlan(made: MadePlan, path: string, context: Context): Promise<void> {
  const { application, request, plan } = made;
  const { name, namespace = '', uid = '' } = application.metadata;
  if (plan.revisions.length === 0) {
    throw new HawserError('invalid', 'the server does not tell which commits these are: the plan cannot be saved', {
      hint: `hawser app plan ${name} --refresh --save ${path}`,
    });
  }
  const { url } = await context.connect();
  const { revision, revisions, sourcePositions } = request;
  await writePlanFile(path, {
    created: timestamp(context.clock.now()),
    server: url,
    application: { name, namespace, uid },
    request: pinnedRequest(request, application, plan.revisions),
    asked: omitUndefined({ revision, revisions, sourcePositions }),
    plan,
    state: stateOf(made),
  });
  if (isAutomated(application.spec)) {
    context.say(`plan saved to ${path}; a sync by it is refused while auto-sync is on`);
  } else context.say(`plan saved to ${path}: hawser app sync ${name} --plan-file ${path}`);
}
