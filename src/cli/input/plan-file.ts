// Plans in files: written whole or not at all, for their owner's eyes; what is read is checked before it is believed.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { syncApplication } from '../../api/applications.ts';
import { HawserError } from '../../core/errors.ts';
import { canonicalJson, isObject, toJson } from '../../core/json.ts';
import { fits, list, number, type Of, object, oneOf, optional, record, text } from '../../core/shape.ts';
import { syncPlan } from '../../model/sync-plan.ts';
import { writeWhole } from '../config/whole-file.ts';
import { unwritable } from '../io/report-file.ts';
import { whyUnreadable } from './unreadable.ts';

const VERSION = 1;
const MODE = 0o600;

/** What must be as it was when the plan was made; each but the operation as a fingerprint. */
const planState = object({
  spec: text,
  manifests: text,
  /** When the last operation began. */
  operation: text,
  /** By group, kind, namespace and name. */
  resources: record(text),
});

export interface PlanState extends Of<typeof planState> {}

const content = object({
  created: text,
  server: text,
  application: object({ name: text, namespace: text, uid: text }),
  /** For these very revisions. */
  request: syncApplication.input,
  /** The revisions that were asked for. */
  asked: object({
    revision: optional(text),
    revisions: optional(list(text)),
    sourcePositions: optional(list(number)),
  }),
  plan: syncPlan,
  state: planState,
});

export interface SavedPlan extends Of<typeof content> {}

const envelope = object({ kind: oneOf('SyncPlan'), version: number, digest: text });

/** Equal values have equal ones, and nothing can be read from them. */
export const fingerprint = (value: unknown): string =>
  createHash('sha256')
    .update(canonicalJson(toJson(value)))
    .digest('hex');

export async function writePlanFile(path: string, plan: SavedPlan): Promise<void> {
  const file = { kind: 'SyncPlan', version: VERSION, ...plan };
  try {
    await writeWhole(path, `${JSON.stringify({ ...file, digest: fingerprint(file) }, undefined, 2)}\n`, MODE);
  } catch (thrown) {
    throw unwritable(path, thrown);
  }
}

export async function readPlanFile(path: string): Promise<SavedPlan> {
  const bytes = await readFile(path, 'utf8').catch((thrown: unknown) => {
    throw new HawserError('usage', `cannot read ${path}: ${whyUnreadable(thrown, 'file')}`, {
      hint: 'hawser app plan NAME --save FILE writes a plan',
      cause: thrown,
    });
  });
  const value = jsonIn(bytes);
  if (!fits(envelope, value) || !isObject(value)) {
    throw refused(path, 'it is no plan of hawser app plan --save');
  }
  if (value.version !== VERSION) {
    throw refused(path, `it is of version ${value.version}, and this release reads version ${VERSION}`);
  }
  const { digest, ...file } = value;
  if (digest !== fingerprint(file)) throw refused(path, 'it was changed after it was written');
  if (!fits(content, value)) throw refused(path, content.problem(value, '') ?? 'it has another shape');
  return value;
}

function jsonIn(bytes: string): unknown {
  try {
    return JSON.parse(bytes);
  } catch {
    return undefined;
  }
}

const refused = (path: string, why: string): HawserError =>
  new HawserError('usage', `cannot use the plan ${path}: ${why}`, {
    hint: 'make a new one: hawser app plan NAME --save FILE',
  });
