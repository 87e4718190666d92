import type { Command } from 'commander';
import { getApplication, patchApplication } from '../../../api/applications.ts';
import { isHawser } from '../../../api/differences.ts';
import { getVersion } from '../../../api/sessions.ts';
import { HawserError } from '../../../core/errors.ts';
import { parseDuration, timestamp } from '../../../core/time.ts';
import { type Application, isAutomated } from '../../../model/application.ts';
import { type Pause, pauseAnnotations, pauseOf, pauseSentence } from '../../../model/pause.ts';
import type { Connection, Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { CHOICE_FLAGS } from './shared/choice-flags.ts';
import { changeEach } from './shared/each-application.ts';

const FLAGS = [
  ...CHOICE_FLAGS,
  { name: 'for', type: 'duration', summary: 'how long, like 2h; until it is resumed if not given' },
  { name: 'reason', type: 'string', summary: 'why, for whoever meets it' },
] as const satisfies readonly Flag[];

export type PauseOptions = OptionsOf<typeof FLAGS> & { readonly names: readonly string[] };

export function pauseCommand(context: Context, run = runPause): Command {
  return defineCommand(
    {
      name: 'pause',
      description:
        'Pauses automated sync. A hawser server, and the local system, resume by themselves when the time is over. For any other Argo CD server automated sync is turned off and remembered in an annotation: hawser app resume turns it on again.',
      arguments: ['[appname...]'],
      flags: FLAGS,
      examples: [
        { about: 'Pause for two hours', line: 'hawser app pause shop --for 2h --reason "database migration"' },
        { about: 'Pause everything of a team until it is resumed', line: 'hawser app pause -l team=shop' },
        { about: 'Resume', line: 'hawser app resume shop' },
      ],
    },
    (options, names) => run({ names, ...options }, context),
  );
}

async function runPause(options: PauseOptions, context: Context): Promise<void> {
  const { names, selector, project, appNamespace, output, reason = '' } = options;
  const until = endOf(options, context);
  const connection = await context.connect();
  const { client } = connection;
  let isHonoured: boolean | undefined;
  await changeEach(
    {
      selection: { names, selector, project, appNamespace },
      output,
      done: 'paused',
      command: 'pause',
      change: async ({ target, label }) => {
        const app = await client.call(getApplication, target);
        isHonoured ??= await honoursPauses(connection);
        const pause: Pause = { until, reason, automated: isHonoured ? undefined : policyOf(app) };
        await client.call(patchApplication, { ...target, patch: patchOf(pause), patchType: 'merge' });
        if (!isHonoured && until !== undefined)
          context.say(`this server does not resume by itself: hawser app resume ${label} after ${timestamp(until)}`);
        return { text: pauseSentence(pause), facts: { until: until === undefined ? null : timestamp(until), reason } };
      },
    },
    context,
  );
}

function endOf(options: PauseOptions, { clock }: Context): number | undefined {
  if (options.for === undefined) return undefined;
  const milliseconds = parseDuration(options.for);
  if (milliseconds > 0) return clock.now() + milliseconds;
  throw new HawserError('usage', `invalid value '${options.for}' for --for`, {
    hint: 'give a duration like 30m or 2h',
  });
}

/** Whether the controllers know of pauses: those of a cluster behind a kubeconfig may be anybody's. */
async function honoursPauses({ client, local, token }: Connection): Promise<boolean> {
  if (local) return true;
  const { Version = '' } = await client.call(getVersion, {});
  return token !== undefined && isHawser(Version);
}

/** What is turned off: the policy of now, or the one that an earlier pause took out. */
function policyOf(app: Application): Pause['automated'] {
  return isAutomated(app.spec) ? (app.spec.syncPolicy?.automated ?? undefined) : pauseOf(app)?.automated;
}

function patchOf(pause: Pause): string {
  const off = pause.automated === undefined ? {} : { spec: { syncPolicy: { automated: null } } };
  return JSON.stringify({ metadata: { annotations: pauseAnnotations(pause) }, ...off });
}
