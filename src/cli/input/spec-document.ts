// A Secret that a command prints to be kept in Git, as the reference prints it too: keys sorted, with the fields it manages.

import { canonicalJson, parseJson, toJson } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import type { SecretDocument } from '../../model/connection-secret.ts';
import type { Context } from '../context.ts';
import { checkFormat, outputFlag, writeDocument } from '../output/document.ts';
import type { Flag } from './flags.ts';

export const SPEC_OUTPUT = { ...outputFlag('json or yaml'), default: 'yaml', typedOnly: true } as const satisfies Flag;

export async function writeSpec(secret: SecretDocument, output: string | undefined, context: Context): Promise<void> {
  const format = output ?? 'yaml';
  checkFormat(format, ['json', 'yaml']);
  const { clock, policy } = context;
  const document = policy.own.add((): object => secret, withManagedFields(secret, clock.now()));
  await writeDocument(parseJson(canonicalJson(toJson(document))), format, context);
}

/** Who manages what is said nowhere else: our own way leaves it out. */
function withManagedFields(secret: SecretDocument, now: number): object {
  const { metadata, stringData } = secret;
  const fieldsV1 = {
    'f:data': owned(stringData),
    'f:metadata': { 'f:annotations': owned(metadata.annotations), 'f:labels': owned(metadata.labels) },
  };
  const entry = {
    manager: 'unknown',
    operation: 'Update',
    apiVersion: 'v1',
    time: timestamp(now),
    fieldsType: 'FieldsV1',
    fieldsV1,
  };
  return { ...secret, metadata: { ...metadata, managedFields: [entry] } };
}

const owned = (texts: Readonly<Record<string, string>>): Readonly<Record<string, object>> =>
  Object.fromEntries([['.', {}], ...Object.keys(texts).map((key) => [`f:${key}`, {}] as const)]);
