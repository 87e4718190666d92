// Which resources of an application differ from Git, in which fields, and who wrote those.

import type { ApplicationTarget } from '../../../../api/applications.ts';
import { getResource } from '../../../../api/resources.ts';
import { isObject, type Json, type JsonObject, parseJson, textAt } from '../../../../core/json.ts';
import { differingFields, type FieldChange, fieldText, pointerText } from '../../../../core/json-fields.ts';
import { omitUndefined } from '../../../../core/omit-undefined.ts';
import type { Application } from '../../../../model/application.ts';
import type { DifferingField, DifferingResource } from '../../../../model/explanation.ts';
import { isSecretKind } from '../../../../model/manifest.ts';
import type { ObjectDifference } from '../../../../render/object-difference.ts';
import { managersOf } from '../../../causes/field-managers.ts';
import type { Context } from '../../../context.ts';
import { findDifferences } from '../shared/differences.ts';

const MAX_FIELDS = 5;
/** Whose live objects are asked for: each is a request. */
const MAX_ASKED = 8;

export interface Subject {
  readonly application: Application;
  readonly target: ApplicationTarget;
}

export async function differingResources(subject: Subject, context: Context): Promise<DifferingResource[]> {
  const differences = await findDifferences({ target: subject.target }, context);
  return Promise.all(
    differences.map((difference, index) => describe(difference, index < MAX_ASKED ? subject : undefined, context)),
  );
}

async function describe(
  difference: ObjectDifference,
  subject: Subject | undefined,
  context: Context,
): Promise<DifferingResource> {
  const { kind, namespace, name, live, target } = difference;
  const resource = `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
  if (live === undefined) return { resource, change: 'missing', fields: [], moreFields: 0 };
  if (target === undefined) return { resource, change: 'extra', fields: [], moreFields: 0 };
  const changes = differingFields(live, target);
  const whole = subject ? await liveObject(difference, subject, context) : undefined;
  const hidden = isSecretKind(difference);
  const fields = changes.slice(0, MAX_FIELDS).map((change) => fieldOf(change, { difference, whole, hidden }));
  return { resource, change: 'differs', fields, moreFields: Math.max(0, changes.length - MAX_FIELDS) };
}

interface Setting {
  readonly difference: ObjectDifference;
  /** With its managed fields. */
  readonly whole: Json | undefined;
  readonly hidden: boolean;
}

function fieldOf({ path, before, after }: FieldChange, { difference, whole, hidden }: Setting): DifferingField {
  const [manager] = managersOf(whole, path);
  const pointer = pointerText(path);
  const { group, kind } = difference;
  return {
    field: fieldText(path),
    ...omitUndefined({
      live: hidden || before === undefined ? undefined : JSON.stringify(before),
      git: hidden || after === undefined ? undefined : JSON.stringify(after),
      writtenBy: manager && `${manager.manager} (${manager.operation}, ${manager.time})`,
      ignoredBy:
        pointer &&
        `ignoreDifferences: [{group: ${group === '' ? '""' : group}, kind: ${kind}, jsonPointers: [${pointer}]}]`,
    }),
  };
}

/** As the cluster has it; undefined where it cannot be had. */
async function liveObject(
  { group, kind, namespace, name, live }: ObjectDifference,
  { target }: Subject,
  context: Context,
): Promise<JsonObject | undefined> {
  const { client } = await context.connect();
  const version = textAt(live, 'apiVersion').split('/').at(-1) ?? '';
  const query = { ...target, group, kind, namespace, resourceName: name, version };
  const { manifest } = await client.call(getResource, query).catch(() => ({ manifest: undefined }));
  const object = manifest === undefined ? undefined : parseJson(manifest);
  return isObject(object) ? object : undefined;
}
