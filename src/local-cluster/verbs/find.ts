// Which verb answers what is no plain read of objects, with all that it needs loaded.

import { loadRegExps } from '../../core/regexp.ts';
import { isReview, review } from '../access/reviews.ts';
import { loadPolicies } from '../admission/policies.ts';
import type { ResourceRequest } from '../api.ts';
import { withFaultWarnings } from '../faults/notes.ts';
import { CRD_STORAGE } from '../kinds.ts';
import { isComputed } from '../metrics/kinds.ts';
import { withUsageWarnings } from '../metrics/warnings.ts';
import { withRuleWarnings } from '../operators/warnings.ts';
import { BINDINGS, MUTATION_BINDINGS, POLICIES } from '../policies/write.ts';
import type { KubeRequest, KubeResponse } from '../request.ts';
import { errorResponse, withWarnings } from '../response.ts';
import { schemaOfCustom } from '../served.ts';
import { isStale } from '../stale.ts';
import { ApiError } from '../status.ts';
import { tabled } from '../tables/table.ts';
import { loadRules } from '../validation/cel/language.ts';
import { hasPatterns, hasRules } from '../validation/schema-parts.ts';
import { createBinding } from './bind.ts';
import { createObject } from './create.ts';
import { deleteCollection, deleteObject } from './delete.ts';
import { patchObject } from './patch.ts';
import { subresourceVerb, type Verb } from './subresource.ts';
import { updateObject } from './update.ts';

/** Undefined for what no verb of the kind answers. */
export async function findVerb(call: ResourceRequest): Promise<Verb | undefined> {
  const verb = verbOf(call);
  const { api, request } = call;
  if (!verb || request.method === 'GET') return verb;
  await Promise.all([
    api.ready(),
    needsRules(call) ? loadRules() : undefined,
    needsRegExps(call) ? loadRegExps() : undefined,
    [BINDINGS, MUTATION_BINDINGS].includes(call.kind.storage) ? loadPolicies(api, true) : loadPolicies(api),
  ]);
  return async (written) => {
    const told: string[] = [];
    const answer = await answerOf(verb, written, told);
    return withUsageWarnings(written, await withRuleWarnings(written, await withFaultWarnings(written, answer)));
  };
}

/** The answer, or refusal, with what there is to warn of. */
async function answerOf(verb: Verb, call: ResourceRequest, told: string[]): Promise<KubeResponse> {
  try {
    const answer = await inPeace(verb, { ...call, warn: (text) => told.push(text) });
    return tabled(call, withWarnings(answer, once(told)));
  } catch (thrown) {
    if (!(thrown instanceof ApiError) || told.length === 0) throw thrown;
    return withWarnings(errorResponse(thrown), once(told));
  }
}

/** What is warned of again is not told again. */
const once = (told: readonly string[]): readonly string[] => [...new Set(told)];

const MOST_ATTEMPTS = 100;

/** The answer of a verb, begun again where others changed the object while webhooks were asked. */
async function inPeace(verb: Verb, call: ResourceRequest): Promise<KubeResponse> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await verb(call);
    } catch (thrown) {
      if (!isStale(thrown) || attempt >= MOST_ATTEMPTS) throw thrown;
    }
  }
}

/** Groups whose kinds hold expressions. */
const EXPRESSIVE = ['admissionregistration.k8s.io', 'resource.k8s.io'];

/** Whether rules in CEL may come into it: of the schema of a kind, or of a definition that is written. */
function needsRules({ kind, request }: ResourceRequest): boolean {
  if (kind.custom) return hasRules(schemaOfCustom(kind));
  if (kind.storage === POLICIES) return true;
  if (EXPRESSIVE.includes(kind.group)) return mayHold(request, 'xpression');
  return kind.storage === CRD_STORAGE && mayHold(request, 'x-kubernetes-validations');
}

function needsRegExps({ kind, request }: ResourceRequest): boolean {
  if (kind.custom) return hasPatterns(schemaOfCustom(kind));
  return kind.storage === CRD_STORAGE && mayHold(request, 'pattern');
}

function mayHold({ method, body = '' }: KubeRequest, word: string): boolean {
  const text = typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body);
  return method === 'PATCH' || text.includes(word);
}

function verbOf(call: ResourceRequest): Verb | undefined {
  const { path, request, kind } = call;
  if (isReview(call)) {
    const isPlace = path.name === '' && kind.namespaced === (path.namespace !== '');
    return request.method === 'POST' && isPlace ? review : undefined;
  }
  if (path.subresource !== '') return subresourceVerb(call);
  if (kind.storage === '/bindings') return path.name === '' ? ON_POD_BINDINGS[request.method] : undefined;
  if (isComputed(kind.storage)) return undefined;
  if (path.name === '' && kind.namespaced && path.namespace === '') return undefined;
  // What is posted to a custom resource is posted to all of its kind.
  const isWhole = path.name === '' || (kind.custom !== undefined && request.method === 'POST');
  const [name = '', verb] = (isWhole ? ON_COLLECTION : ON_OBJECT)[request.method] ?? [];
  return kind.verbs.includes(name) ? verb : undefined;
}

type NamedVerb = readonly [name: string, verb: Verb];

const ON_OBJECT: Readonly<Record<string, NamedVerb>> = {
  PUT: ['update', updateObject],
  PATCH: ['patch', patchObject],
  DELETE: ['delete', deleteObject],
};

const ON_POD_BINDINGS: Readonly<Record<string, Verb>> = { POST: createBinding };

const ON_COLLECTION: Readonly<Record<string, NamedVerb>> = {
  POST: ['create', createObject],
  DELETE: ['deletecollection', deleteCollection],
};
