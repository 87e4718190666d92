// What only some kinds of source take: asked when it is picked in the review.

import { type Asking, askText, type Draft, type Step, withFlags } from './steps.ts';

const OPTION_STEPS: readonly Step[] = [
  {
    title: 'Helm parameters',
    isSaid: () => true,
    shown: ({ flags }) => flags.parameter?.join(', ') ?? 'none',
    ask: (draft, asking) => askList(draft, asking, { message: 'Helm parameter (name=value)', key: 'parameter' }),
  },
  {
    title: 'Kustomize images',
    isSaid: () => true,
    shown: ({ flags }) => flags.kustomizeImage?.join(', ') ?? 'none',
    ask: (draft, asking) => askList(draft, asking, { message: 'Image ([old=]new[:tag])', key: 'kustomizeImage' }),
  },
  {
    title: 'Subfolders',
    isSaid: () => true,
    shown: ({ flags }) => (flags.directoryRecurse ? 'read too' : 'not read'),
    ask: async (draft, { context }) => {
      const directoryRecurse = await context.prompt.confirm({ message: 'Also read subfolders?', preset: false });
      return withFlags(draft, { directoryRecurse });
    },
  },
];

/** The options of a kind of source: 'Helm', 'Kustomize', 'Directory'. */
export const optionSteps = (sourceType: string | undefined): readonly Step[] =>
  OPTION_STEPS.filter(({ title }) => title === OPTIONS[sourceType ?? '']);

const OPTIONS: Readonly<Record<string, string>> = {
  Helm: 'Helm parameters',
  Kustomize: 'Kustomize images',
  Directory: 'Subfolders',
};

/** Values until an empty one; none of them leaves the list empty. */
async function askList(
  draft: Draft,
  asking: Asking,
  { message, key }: { readonly message: string; readonly key: 'parameter' | 'kustomizeImage' },
): Promise<Draft | undefined> {
  const values: string[] = [];
  for (;;) {
    const check = (value: string): string | true =>
      key === 'parameter' && value !== '' && !/^[^=]+=/.test(value) ? 'write it like replicas=3' : true;
    const value = await askText({ message: `${message}, empty ends`, check }, asking);
    if (value === undefined) return undefined;
    if (value === '') return withFlags(draft, { [key]: values });
    values.push(value);
  }
}
