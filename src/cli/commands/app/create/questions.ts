// `app create` with something left out: what the folder that one stands in says is taken from it, the rest is asked, and
// before anything is created all of it is shown and may be changed.

import type { Context } from '../../../context.ts';
import { type GitFolder, gitFolder } from '../../../input/git-folder.ts';
import type { SpecFlags } from '../spec/flags.ts';
import { type Answers, review } from './review.ts';
import { type Asking, type Draft, folders, isFree, nameFrom, STEPS } from './steps.ts';

export async function askForApplication(preset: Draft, context: Context): Promise<Answers> {
  const { client, local } = await context.connect();
  const asking: Asking = { context, client };
  const here = preset.flags.repo === undefined ? await gitFolder('.', context).catch(() => undefined) : undefined;
  const draft = here ? await draftFrom({ here, local, preset }, asking) : preset;
  // What was taken from the folder names itself, too.
  const complete = (one: Draft): Promise<Draft> => (draft === preset ? Promise.resolve(one) : named(one, asking));
  return review(await askMissing({ draft: await complete(draft), complete }, asking), asking);
}

/** With the name of its folder, where no other application has it. */
async function named(draft: Draft, asking: Asking): Promise<Draft> {
  const isKnown = draft.flags.path !== undefined || draft.flags.helmChart !== undefined;
  const name = draft.name === undefined && isKnown ? nameFrom(draft.flags) : '';
  return name !== '' && (await isFree(name, asking)) ? { ...draft, name } : draft;
}

interface Missing {
  readonly draft: Draft;
  /** What follows from the answers so far. */
  readonly complete: (draft: Draft) => Promise<Draft>;
}

/** Asks each step that nothing says yet; going back asks the last one that was asked. */
async function askMissing({ draft: first, complete }: Missing, asking: Asking): Promise<Draft> {
  let draft = first;
  const before: { readonly at: number; readonly draft: Draft }[] = [];
  for (let at = 0; at < STEPS.length; ) {
    const step = STEPS[at];
    if (!step || step.isSaid(draft)) {
      at += 1;
      continue;
    }
    const answered = await step.ask(draft, asking);
    if (answered === undefined) {
      const last = before.pop();
      if (last) ({ at, draft } = last);
      continue;
    }
    before.push({ at, draft });
    draft = await complete(answered);
  }
  return draft;
}

interface Here {
  readonly here: GitFolder;
  readonly local: boolean;
  readonly preset: Draft;
}

/** What the repository around the current folder says: only what the server can read is taken. */
async function draftFrom({ here, local, preset }: Here, asking: Asking): Promise<Draft> {
  const revision = preset.flags.revision ?? here.branch ?? 'HEAD';
  const repositories = [here.url, local ? here.root : undefined].filter((repo) => repo !== undefined);
  for (const repo of repositories) {
    const listed = await folders(asking.client, { repo, revision }).catch(() => undefined);
    if (listed === undefined) continue;
    const paths = listed.map(({ path }) => path);
    const [only] = paths;
    const path = paths.includes(here.path) ? here.path : paths.length === 1 ? only : undefined;
    const flags: SpecFlags = {
      destNamespace: 'default',
      project: 'default',
      syncPolicy: 'none',
      ...preset.flags,
      repo,
      revision,
      ...(path === undefined || preset.flags.path !== undefined || preset.flags.helmChart !== undefined
        ? {}
        : { path }),
    };
    asking.context.say(`in the repository ${here.root}${repo === here.root ? '' : ` (${repo})`}`);
    return { ...preset, flags };
  }
  return preset;
}
