// The last question of `app create`: all of it, as the Application and as the command line that needs no question.

import { HawserError, messageOf } from '../../../../core/errors.ts';
import { formatYaml } from '../../../../core/yaml.ts';
import type { Application } from '../../../../model/application.ts';
import type { Context } from '../../../context.ts';
import { checkFields } from '../../../input/check-fields.ts';
import { editText } from '../../../input/edit-text.ts';
import { applicationFromFlags, applicationsFromText } from '../spec/application-file.ts';
import { commandLine } from './command-line.ts';
import { optionSteps } from './option-steps.ts';
import { type Asking, type Draft, folders, STEPS } from './steps.ts';

export interface Answers {
  readonly application: Application;
}

const ACTIONS = [
  { name: 'create it', value: 'create' },
  { name: 'change an answer', value: 'change' },
  { name: 'edit as YAML', value: 'edit' },
  { name: 'cancel', value: 'cancel' },
];

export async function review(complete: Draft, asking: Asking): Promise<Answers> {
  const { context } = asking;
  let draft = complete;
  let edited: Application | undefined;
  for (;;) {
    const application = edited ?? applicationFromFlags(draft.name ?? '', draft.flags);
    show(application, edited ? undefined : draft, context);
    const message = `Create '${application.metadata.name}'?`;
    const action = await context.prompt.choose({ message, choices: ACTIONS });
    if (action === 'create') return { application };
    if (action === 'cancel') throw new HawserError('interrupted', 'nothing was created');
    if (action === 'edit') edited = (await edit(application, context)) ?? edited;
    else {
      draft = await changeOne(draft, asking);
      edited = undefined;
    }
  }
}

const textOf = (application: Application): string =>
  formatYaml({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', ...application });

function show(application: Application, draft: Draft | undefined, context: Context): void {
  context.say(`\n${textOf(application)}`);
  if (draft) context.say(`To do the same without questions:\n\n  ${commandLine(draft.name ?? '', draft.flags)}\n`);
}

/** Any answer again, and what only this kind of source takes. */
async function changeOne(draft: Draft, asking: Asking): Promise<Draft> {
  const listed = await folders(asking.client, draft.flags).catch(() => []);
  const type = listed.find(({ path }) => path === draft.flags.path)?.type;
  const steps = [...STEPS, ...optionSteps(type)];
  const choices = steps.map((step) => ({ name: `${step.title}: ${step.shown(draft)}`, value: step.title }));
  const title = await asking.context.prompt.choose({ message: 'Which one?', choices });
  const step = steps.find((one) => one.title === title);
  return (await step?.ask(draft, asking)) ?? draft;
}

/** undefined: nothing was saved. */
async function edit(application: Application, context: Context): Promise<Application | undefined> {
  const before = textOf(application);
  const text = await editText({ name: `${application.metadata.name}.yaml`, text: before }, context);
  if (text.trim() === '' || text === before) return undefined;
  try {
    const source = 'the edited text';
    await checkFields({ text, source, kind: 'Application' }, context);
    return applicationsFromText(text, source)[0];
  } catch (thrown) {
    context.say(`error: ${messageOf(thrown)}`);
    return undefined;
  }
}
