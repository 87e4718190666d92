// The webhooks that are stored, in the order in which they are asked, and which requests they are about.

import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { compareText } from '../../core/order.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Api, JudgedWrite } from '../api.ts';
import type { Kind } from '../kinds.ts';
import { type Budget, conditionOf, contextOf } from '../policies/evaluate.ts';
import { matchedKind } from '../policies/match.ts';
import { forbidden } from '../status.ts';
import { OBJECT_LIMIT } from '../validation/cel/cost.ts';

export interface Hook {
  /** Of this webhook as it is stored. */
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly spec: JsonObject;
  readonly isIgnored: boolean;
}

/** Those with an address: behind a Service here is nothing that could answer. */
export function hooksOf(api: Api, storage: string): Hook[] {
  const byName = (one: KubeObject, other: KubeObject): number =>
    compareText(one.metadata.name ?? '', other.metadata.name ?? '');
  return api.store
    .list(storage)
    .toSorted(byName)
    .flatMap((configuration) =>
      listAt(configuration, 'webhooks').flatMap((one) => hookOf(storage, configuration, one)),
    );
}

function hookOf(storage: string, { metadata }: KubeObject, spec: unknown): Hook[] {
  if (!isObject(spec)) return [];
  const [name, url] = [textAt(spec, 'name'), textAt(spec, 'clientConfig', 'url')];
  const id = [storage, metadata.name, metadata.resourceVersion, name].join(' ');
  return url === '' ? [] : [{ id, name, url, spec, isIgnored: textAt(spec, 'failurePolicy') === 'Ignore' }];
}

/** What configures admission itself is in no webhook's hands. */
export const isExempt = ({ storage }: Kind): boolean => EXEMPT.test(storage);

const EXEMPT =
  /^admissionregistration\.k8s\.io\/(validating|mutating)(webhookconfigurations|admissionpolic(ies|ybindings))$/;

/** The kind, in the version by which a webhook wants to hear of it; undefined when the request is none of its. */
export function heardKind(api: Api, hook: Hook, write: JudgedWrite): Kind | undefined {
  const { rules = [], ...match } = hook.spec;
  if (!Array.isArray(rules) || rules.length === 0) return undefined;
  const kind = matchedKind(api, { ...match, resourceRules: rules }, write);
  return kind && meetsConditions(api, hook, { kind, write }) ? kind : undefined;
}

interface Heard {
  readonly kind: Kind;
  readonly write: JudgedWrite;
}

function meetsConditions(api: Api, { spec, isIgnored }: Hook, { kind, write }: Heard): boolean {
  if (listAt(spec, 'matchConditions').length === 0) return true;
  const policy: KubeObject = { apiVersion: '', kind: '', metadata: {}, spec };
  const budget: Budget = { left: OBJECT_LIMIT };
  const condition = conditionOf(policy, contextOf(api, { policy, kind, write, param: null }, budget), budget);
  if (typeof condition === 'boolean') return condition;
  if (isIgnored) return false;
  const { name = '' } = (write.object ?? write.before)?.metadata ?? {};
  throw forbidden(write.kind, name, condition.fault);
}

/** How long it may take, in seconds. */
export const limitOf = ({ spec }: Hook): number => {
  const { timeoutSeconds } = objectAt(spec);
  return typeof timeoutSeconds === 'number' ? timeoutSeconds : 10;
};
