import type { Command } from 'commander';
import { getApplication } from '../../../../api/applications.ts';
import { HawserError } from '../../../../core/errors.ts';
import { isChange } from '../../../../model/sync-plan.ts';
import { planDocument, renderPlan } from '../../../../render/sync-plan.ts';
import type { Context } from '../../../context.ts';
import { applicationPicker } from '../../../input/application-picker.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { NAMESPACE_FLAG, targetOf } from '../../../input/target.ts';
import { checkFormat, outputFlag, writeDocument } from '../../../output/document.ts';
import { makePlan } from '../shared/make-plan.ts';
import { PLANNED_FLAGS } from '../shared/sync-flags.ts';
import { plannedRequest, strategyOf } from '../shared/sync-request.ts';
import { refuseNamesAndPositions } from '../spec/source-choice.ts';

const FLAGS = [
  NAMESPACE_FLAG,
  ...PLANNED_FLAGS,
  { name: 'refresh', type: 'bool', summary: 'refresh first' },
  { name: 'hard-refresh', type: 'bool', summary: 'refresh first, without cached manifests' },
  {
    name: 'exit-code',
    type: 'bool',
    summary: 'exit with 1 if a sync would change resources; hooks alone do not count',
  },
  { name: 'save', type: 'string', value: 'file', summary: 'save the plan for app sync --plan-file' },
  outputFlag('wide, json or yaml'),
] as const satisfies readonly Flag[];

export type PlanOptions = OptionsOf<typeof FLAGS> & { readonly name: string };

export function planCommand(context: Context, run = runPlan): Command {
  return defineCommand(
    {
      name: 'plan',
      description:
        'Shows what a sync would do, step by step and in its order: hooks, phases and waves, what is created, changed (and in which fields) and pruned. Nothing is changed. It is a prediction: what the cluster itself refuses or fills in is not known before the sync.',
      arguments: ['<appname>'],
      asks: applicationPicker(context),
      flags: FLAGS,
      examples: [
        { about: 'Show what a sync would do', line: 'hawser app plan shop' },
        {
          about: 'Show what deploying a branch and pruning would do',
          line: 'hawser app plan shop --revision my-branch --prune',
        },
        { about: 'Save a plan, and sync by it later', line: 'hawser app plan shop --save shop.plan' },
        { about: 'Ask in a script whether there is something to do', line: 'hawser app plan shop --exit-code -o json' },
      ],
    },
    (options, name) => run({ name, ...options }, context),
  );
}

async function runPlan(options: PlanOptions, context: Context): Promise<void> {
  if (options.output !== undefined) checkFormat(options.output, ['wide', 'json', 'yaml']);
  strategyOf(options);
  refuseNamesAndPositions(options);
  if (options.save !== undefined && options.local) {
    throw new HawserError('usage', '--save and --local exclude each other', {
      hint: 'a plan file names commits: commit the folder, and plan that',
    });
  }
  const { client } = await context.connect();
  const target = targetOf(options.name, options.appNamespace);
  const refresh = options.hardRefresh ? 'hard' : options.refresh ? 'normal' : undefined;
  const application = await client.call(getApplication, { ...target, refresh });
  const request = await plannedRequest({ target, application, options }, context);
  const made = await makePlan({ application, request }, context);
  const { plan } = made;
  if (options.save !== undefined) {
    const { savePlan } = await import('./save-plan.ts');
    await savePlan(made, options.save, context);
  }
  const { output = '' } = options;
  if (!(await writeDocument(planDocument(plan), output, context))) {
    context.io.out.write(renderPlan(plan, { isWide: output === 'wide' }, await context.view()));
  }
  if (options.exitCode && plan.steps.some(isChange)) throw new HawserError('differs', 'there is something to do');
}
