// The names of a CustomResourceDefinition are its own within its group: what another has is not accepted, and not served.

import { isObject, type JsonObject, listAt, objectAt, sameJson, textAt } from '../core/json.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { KubeObject } from '../objects/object.ts';
import { approvalOf } from './validation/definition.ts';

/** The names that definitions were given, by the definition: ahead of what is stored. */
export type Claims = Map<string, JsonObject>;

interface Settings {
  readonly claims: Claims;
  readonly now: string;
}

const conditionOf = (definition: KubeObject, type: string): JsonObject | undefined =>
  listAt(definition, 'status', 'conditions')
    .filter(isObject)
    .find((condition) => condition['type'] === type);

/** Whether a definition has the names that it asks for, or is yet to be looked at. */
export const areAccepted = (definition: KubeObject): boolean =>
  textAt(conditionOf(definition, 'NamesAccepted'), 'status') !== 'False';

/** The names that a definition gets, and the conditions that say so. */
export function acceptNames(
  definition: KubeObject,
  all: readonly KubeObject[],
  { claims, now }: Settings,
): { readonly conditions: readonly JsonObject[]; readonly acceptedNames: JsonObject } {
  const [spec, name] = [objectAt(definition, 'spec'), definition.metadata.name ?? ''];
  const group = textAt(spec, 'group');
  const taken = all.flatMap((other): JsonObject[] => {
    const otherName = other.metadata.name ?? '';
    if (otherName === name || textAt(other, 'spec', 'group') !== group) return [];
    return [claims.get(otherName) ?? objectAt(other, 'status', 'acceptedNames')];
  });
  const wanted = objectAt(spec, 'names');
  const { names, fault } = resolveNames(wanted, objectAt(definition, 'status', 'acceptedNames'), taken);
  const accepted = fault === undefined ? wanted : names;
  claims.set(name, accepted);
  return { conditions: conditions(definition, fault, now), acceptedNames: accepted };
}

interface Fault {
  readonly reason: string;
  readonly message: string;
}

const inUse = (word: string): string => `${JSON.stringify(word)} is already in use`;

/** What is free is given, what is another's stays as it was; the last conflict is told. */
function resolveNames(
  wanted: JsonObject,
  had: JsonObject,
  taken: readonly JsonObject[],
): { readonly names: JsonObject; readonly fault: Fault | undefined } {
  const words = (...fields: readonly string[]): ReadonlySet<string> =>
    new Set(taken.flatMap((names) => fields.map((field) => textAt(names, field)).filter((word) => word !== '')));
  const shorts = taken.flatMap((names) => listAt(names, 'shortNames').map(String));
  const [resources, kinds] = [new Set([...words('plural', 'singular'), ...shorts]), words('kind', 'listKind')];
  let fault: Fault | undefined;
  const one = (field: string, reason: string, used: ReadonlySet<string>): string => {
    const [word, old] = [textAt(wanted, field), textAt(had, field)];
    if (word === old || !used.has(word)) return word;
    fault = { reason, message: inUse(word) };
    return old;
  };
  const plural = one('plural', 'PluralConflict', resources);
  const singular = one('singular', 'SingularConflict', resources);
  const own = listAt(had, 'shortNames');
  const conflicts = listAt(wanted, 'shortNames').filter((word) => !own.includes(word) && resources.has(String(word)));
  if (conflicts.length > 0) {
    const messages = [...new Set(conflicts.map((word) => inUse(String(word))))];
    const message = messages.length > 1 ? `[${messages.join(', ')}]` : (messages[0] ?? '');
    fault = { reason: 'ShortNamesConflict', message };
  }
  const kind = one('kind', 'KindConflict', kinds);
  const listKind = one('listKind', 'ListKindConflict', kinds);
  const names = omitUndefined({
    plural,
    singular: singular || undefined,
    shortNames: conflicts.length > 0 ? had['shortNames'] : wanted['shortNames'],
    kind,
    listKind: listKind || undefined,
    categories: wanted['categories'],
  });
  return { names, fault };
}

function conditions(definition: KubeObject, fault: Fault | undefined, now: string): JsonObject[] {
  const given = approvalOf(definition);
  const accepted = fault ?? { reason: 'NoConflicts', message: 'no conflicts found' };
  const wanted: JsonObject[] = [
    ...(given ? [{ type: 'KubernetesAPIApprovalPolicyConformant', ...given }] : []),
    { type: 'NamesAccepted', status: fault ? 'False' : 'True', ...accepted },
  ];
  const isEstablished = textAt(conditionOf(definition, 'Established'), 'status') === 'True';
  if (!isEstablished)
    wanted.push(
      fault
        ? { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' }
        : {
            type: 'Established',
            status: 'True',
            reason: 'InitialNamesAccepted',
            message: 'the initial names have been accepted',
          },
    );
  const old = listAt(definition, 'status', 'conditions').filter(isObject);
  const kept = old.map((condition) => {
    const next = wanted.find(({ type }) => type === condition['type']);
    return next === undefined ? condition : moved(condition, next, now);
  });
  const fresh = wanted.filter(({ type }) => !old.some((condition) => condition['type'] === type));
  return [...kept, ...fresh.map((condition) => moved(undefined, condition, now))];
}

const ENDING = {
  InstanceDeletionPending: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
  InstanceDeletionInProgress: 'CustomResource deletion is in progress',
} as const;

/** The status of a definition that goes, and how far it has come. */
export function withTerminating(definition: KubeObject, reason: keyof typeof ENDING, now: string): JsonObject {
  const status = objectAt(definition, 'status');
  const old = conditionOf(definition, 'Terminating');
  const condition = moved(old, { type: 'Terminating', status: 'True', reason, message: ENDING[reason] }, now);
  const others = listAt(status, 'conditions').filter((one) => one !== old);
  return { ...status, conditions: [...others, condition] };
}

/** A condition keeps its time as long as it says the same. */
function moved(before: JsonObject | undefined, after: JsonObject, now: string): JsonObject {
  const { type, status, reason, message } = after;
  const isSame = before !== undefined && sameJson(before['status'], status);
  const lastTransitionTime = isSame ? before['lastTransitionTime'] : now;
  return omitUndefined({ type, status, lastTransitionTime, reason, message });
}
