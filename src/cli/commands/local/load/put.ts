// Loads objects batch by batch; what fails is tried again as long as others succeed, for it may need them.

import { type LoadResult, loadObject } from '../../../../api/local-cluster.ts';
import type { Client } from '../../../../client/client.ts';
import { HawserError } from '../../../../core/errors.ts';
import { textAt } from '../../../../core/json.ts';
import { inBatches, ownerComes } from './order.ts';
import type { Loaded } from './read.ts';

export interface Outcome extends Omit<LoadResult, 'namespace'> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

export interface Putting {
  readonly client: Client;
  readonly namespace: string;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

const AT_ONCE = 16;
const MOST_ROUNDS = 10;

/** One outcome for each object, in the order of the files. */
export async function putObjects(objects: readonly Loaded[], putting: Putting): Promise<readonly Outcome[]> {
  const uids = new Set(objects.map(({ object }) => textAt(object, 'metadata', 'uid')).filter((uid) => uid !== ''));
  const outcomes = new Map<Loaded, Outcome>();
  let remaining = objects;
  for (let round = 0; remaining.length > 0 && round < MOST_ROUNDS; round += 1) {
    for (const batch of inBatches(remaining)) await putBatch(batch, uids, { putting, outcomes });
    const failed = remaining.filter((entry) => outcomes.get(entry)?.result === 'failed');
    if (putting.dryRun || failed.length === remaining.length) break;
    remaining = failed;
  }
  const all = objects.flatMap((entry) => outcomes.get(entry) ?? []);
  return putting.dryRun ? all.map((outcome) => withHelpOf(outcome, objects)) : all;
}

interface Work {
  readonly putting: Putting;
  readonly outcomes: Map<Loaded, Outcome>;
}

async function putBatch(
  batch: readonly Loaded[],
  uids: ReadonlySet<string>,
  { putting, outcomes }: Work,
): Promise<void> {
  const queue = [...batch];
  const work = async (): Promise<void> => {
    for (let entry = queue.shift(); entry; entry = queue.shift())
      outcomes.set(entry, await putOne(entry, uids, putting));
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, batch.length) }, work));
}

async function putOne(
  { object, file, line }: Loaded,
  uids: ReadonlySet<string>,
  { client, namespace, dryRun, signal }: Putting,
): Promise<Outcome> {
  const [apiVersion, kind, name] = [
    textAt(object, 'apiVersion'),
    textAt(object, 'kind'),
    textAt(object, 'metadata', 'name'),
  ];
  const where = { apiVersion, kind, name, file, line };
  if (signal.aborted) return { ...where, namespace: '', result: 'failed', message: 'interrupted', warnings: [] };
  try {
    const request = { object, namespace, dryRun, ownerComes: ownerComes(object, uids) };
    return { ...where, ...(await client.call(loadObject, request)) };
  } catch (thrown) {
    // One object that the system refuses to take is no reason to leave the others out.
    if (!(thrown instanceof HawserError) || thrown.code === 'unreachable') throw thrown;
    return {
      ...where,
      namespace: textAt(object, 'metadata', 'namespace'),
      result: 'failed',
      message: thrown.message,
      warnings: [],
    };
  }
}

/** In a dry run nothing comes into being that others need: what would be there by then is no failure. */
function withHelpOf(outcome: Outcome, objects: readonly Loaded[]): Outcome {
  const comes = objects.some(({ object }) => brings(object, outcome));
  if (outcome.missing === undefined || !comes) return outcome;
  const { missing, message: _message, ...rest } = outcome;
  return { ...rest, result: 'created', message: `not checked: its ${missing} comes with the same load` };
}

function brings(object: Loaded['object'], { missing, kind, apiVersion, namespace }: Outcome): boolean {
  const own = textAt(object, 'kind');
  if (missing === 'namespace') return own === 'Namespace' && textAt(object, 'metadata', 'name') === namespace;
  const isOfGroup = apiVersion.startsWith(`${textAt(object, 'spec', 'group')}/`);
  return own === 'CustomResourceDefinition' && isOfGroup && textAt(object, 'spec', 'names', 'kind') === kind;
}
