import type { Command } from 'commander';
import { getApplication, rollbackApplication, updateApplicationSpec } from '../../../api/applications.ts';
import { HawserError } from '../../../core/errors.ts';
import { omitUndefined } from '../../../core/omit-undefined.ts';
import { type Application, isAutomated, qualifiedName, type RevisionHistory } from '../../../model/application.ts';
import { longTime } from '../../../render/times.ts';
import type { Context } from '../../context.ts';
import { applicationPicker } from '../../input/application-picker.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { NAMESPACE_FLAG, targetOf } from '../../input/target.ts';
import { checkFormat } from '../../output/document.ts';
import {
  type Conclusion,
  conclude,
  OPERATION_ONLY,
  operationFailure,
  WAIT_FORMATS,
  waitFailure,
} from '../../waiting/conclude.ts';
import { startDeadline } from '../../waiting/deadline.ts';
import { degradedGrace, PATIENCE_FLAGS, STATE_OUTPUT_FLAG, TIMEOUT_FLAG } from '../../waiting/flags.ts';
import { withProgress } from '../../waiting/progress/create.ts';
import { tooLate } from '../../waiting/too-late.ts';
import { settledState, type Wait, waitFor } from '../../waiting/wait.ts';

const ROLLBACK_FLAGS = [
  NAMESPACE_FLAG,
  { name: 'prune', type: 'bool', summary: 'prune resources that the older revision does not have' },
  { name: 'disable-auto-sync', type: 'bool', own: true, summary: 'disable automated sync first' },
  TIMEOUT_FLAG,
  ...PATIENCE_FLAGS,
  STATE_OUTPUT_FLAG,
] as const satisfies readonly Flag[];

export type RollbackOptions = OptionsOf<typeof ROLLBACK_FLAGS> & { readonly name: string; readonly id?: string };

export function rollbackCommand(context: Context, run = runRollback): Command {
  return defineCommand(
    {
      name: 'rollback',
      description:
        'Rolls back to a previous deployment: the one with this ID in `app history`, or the one before the last. Automated sync would undo it at once: disable it first with --disable-auto-sync.',
      arguments: ['<appname>', '[id]'],
      asks: applicationPicker(context),
      flags: ROLLBACK_FLAGS,
      examples: [
        { about: 'Roll back to the deployment before the last', line: 'hawser app rollback shop' },
        { about: 'Roll back to deployment 2 of app history', line: 'hawser app rollback shop 2' },
        {
          about: 'Disable automated sync, which would undo it',
          line: 'hawser app rollback shop 2 --disable-auto-sync',
        },
      ],
    },
    (options, name, id) => run({ name, id, ...options }, context),
  );
}

async function runRollback(options: RollbackOptions, context: Context): Promise<void> {
  checkFormat(options.output, WAIT_FORMATS);
  const { client } = await context.connect();
  const target = targetOf(options.name, options.appNamespace);
  const application = await client.call(getApplication, target);
  const id = deploymentId(application, options.id ?? (await pickDeployment(application, context)));
  if (isAutomated(application.spec) && (await agreesToStopAutoSync(options, context))) {
    const spec = withoutAutoSync(application);
    await client.call(updateApplicationSpec, { ...target, spec });
    context.say(`auto-sync of '${options.name}' is off`);
  }
  const request = { ...target, id, prune: options.prune ?? false };
  const operating = await client.call(rollbackApplication, request).catch((thrown: unknown) => {
    throw withWayOut(thrown, options);
  });
  const deadline = startDeadline(options.timeout, context);
  const grace = degradedGrace(options.onDegraded);
  const { output } = options;
  const setting = { task: 'rollback', output, mode: options.progress, several: false } as const;
  const conclusion = await withProgress(setting, context, async (progress): Promise<Conclusion> => {
    const wait: Wait = { target, application: operating, conditions: OPERATION_ONLY, deadline, grace, progress };
    const outcome = await waitFor(wait, context);
    deadline.end();
    const late = outcome.ended === 'timed-out' ? await tooLate(wait, options, context) : {};
    const final = await settledState(wait, outcome, context);
    const ended = await context.policy.own.add(() => operationFailure(final, context), undefined);
    const failure = (await waitFailure(wait, outcome, context)) ?? ended;
    progress.conclude(final, failure);
    return { application: final, output, label: qualifiedName(final), operation: true, failure, ...late };
  });
  await conclude(conclusion, context);
}

/** Auto-sync would undo a rollback at once: a person is asked whether to stop it, elsewhere the flag says so. */
async function agreesToStopAutoSync({ name, disableAutoSync }: RollbackOptions, context: Context): Promise<boolean> {
  if (disableAutoSync !== undefined || !context.prompt.interactive) return disableAutoSync ?? false;
  const message = `'${name}' syncs by itself, which would undo a rollback at once. Switch auto-sync off first?`;
  return context.prompt.confirm({ message, preset: false });
}

/** In a terminal the deployment is picked, and what it would change is shown first; undefined where nobody picks. */
async function pickDeployment(application: Application, context: Context): Promise<string | undefined> {
  const earlier = (application.status?.history ?? []).slice(0, -1).reverse();
  if (!context.prompt.interactive || earlier.length === 0) return undefined;
  const choices = earlier.map((entry) => ({ name: deploymentLine(entry), value: String(entry.id) }));
  const id = await context.prompt.search({ message: 'Roll back to', choices });
  const [{ findDifferences }, { showDifferences }] = await Promise.all([
    import('./shared/differences.ts'),
    import('./shared/show-differences.ts'),
  ]);
  const { name, namespace } = application.metadata;
  const { revision, revisions } = earlier.find((entry) => String(entry.id) === id) ?? {};
  const target = { name, ...omitUndefined({ appNamespace: namespace }) };
  const differences = await findDifferences({ target, ...omitUndefined({ revision, revisions }) }, context);
  await showDifferences(differences, undefined, context);
  if (await context.prompt.confirm({ message: `Roll '${name}' back to deployment ${id}?`, preset: true })) return id;
  throw new HawserError('interrupted', 'nothing was rolled back');
}

const deploymentLine = ({ id, deployedAt, revision = '', revisions }: RevisionHistory): string =>
  [id, longTime(deployedAt), (revisions ?? [revision]).map((one) => one.slice(0, 7)).join(', ')].join('  ');

/** The deployment that is meant: without an ID (or with 'previous') the one before the last. */
function deploymentId(application: Application, argument: string | undefined): number {
  const history = application.status?.history ?? [];
  const { name } = application.metadata;
  const hint = `hawser app history ${name}`;
  if (argument === undefined || argument === 'previous') {
    const previous = history.at(-2);
    if (previous) return previous.id;
    throw new HawserError('not-found', `application '${name}' should have at least two successful deployments`, {
      hint,
    });
  }
  if (!/^\d+$/.test(argument)) {
    throw new HawserError('usage', `'${argument}' is not a deployment ID`, {
      hint,
      reason: { kind: 'invalid-deployment-id', text: argument },
    });
  }
  const id = Number(argument);
  if (history.some((entry) => entry.id === id)) return id;
  const ids = history.map((entry) => entry.id).join(', ');
  throw new HawserError('not-found', `application '${name}' does not have deployment id '${id}' in history`, {
    hint: ids === '' ? hint : `deployments in the history: ${ids} (${hint})`,
  });
}

function withoutAutoSync({ spec }: Application): Application['spec'] {
  const { automated, ...policy } = spec.syncPolicy ?? {};
  return { ...spec, syncPolicy: { ...policy, automated: { ...automated, enabled: false } } };
}

function withWayOut(thrown: unknown, { name, id }: RollbackOptions): unknown {
  if (!(thrown instanceof HawserError) || thrown.code !== 'needs-decision') return thrown;
  return new HawserError('needs-decision', thrown.message, {
    hint: `hawser app rollback ${name}${id === undefined ? '' : ` ${id}`} --disable-auto-sync`,
    details: thrown.details ?? {},
    cause: thrown,
  });
}
