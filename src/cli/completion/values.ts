// The values of a flag: those it takes, those that are known of it, and those that a server tells.

import type { Context } from '../context.ts';
import type { Flag } from '../input/flags.ts';
import { applicationNames, contextNames, projectNames } from './names.ts';
import { type Candidate, NOTHING, type Offer, offerOf, wordsOf } from './offer.ts';

type Source = (context: Context) => Promise<readonly Candidate[]>;

/** By the name of the flag. */
const SOURCES: Readonly<Record<string, Source>> = {
  'argocd-context': contextNames,
  contexts: contextNames,
  project: projectNames,
  app: applicationNames,
};

export async function valuesOf(flag: Flag, prefix: string, context: Context): Promise<Offer> {
  const candidates = await known(flag, context);
  if (candidates.length > 0) return offerOf(flag.type === 'strings' ? continued(candidates, prefix) : candidates);
  const isFile = /file|folder/.test(flag.value ?? '') || /^(local|values|file|config)/.test(flag.name);
  return { ...NOTHING, files: isFile };
}

async function known({ name, choices, suggestions, summary }: Flag, context: Context): Promise<readonly Candidate[]> {
  const fixed = choices ?? suggestions;
  if (fixed) return wordsOf(fixed);
  // The summary of a format is the list of them: 'wide, json or jsonpath=EXPR'.
  if (/^out(put)?$/.test(name)) return wordsOf(summary.split(/, | or /).map(formatIn));
  return (await SOURCES[name]?.(context)) ?? [];
}

const formatIn = (text: string): string => (text.trim().split(' ').at(-1) ?? '').replace(/=[A-Z]+$/, '=');

/** What stands before the last comma is said already. */
function continued(candidates: readonly Candidate[], prefix: string): readonly Candidate[] {
  const before = prefix.slice(0, prefix.lastIndexOf(',') + 1);
  const said = before.split(',');
  return candidates
    .filter(({ word }) => !said.includes(word))
    .map((candidate) => ({ ...candidate, word: before + candidate.word }));
}
