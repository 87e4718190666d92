// What webhooks make of a request: those that mutate one after the other, those that validate all at once.

import { numberAt, sameJson, textAt, withAt } from '../../core/json.ts';
import { isKubeObject, type KubeObject } from '../../objects/object.ts';
import type { Api, JudgedWrite } from '../api.ts';
import { newUid } from '../identity.ts';
import type { Kind } from '../kinds.ts';
import { requestOf } from '../policies/evaluate.ts';
import { scaleOf } from '../scale-object.ts';
import { scalePaths } from '../scale-paths.ts';
import { denied, type Outcome, type Response } from './answer.ts';
import { callWebhook } from './call.ts';
import { type Hook, heardKind, hooksOf, isExempt } from './hooks.ts';
import { changedBy, isGenerated, servedAs, unnamed, withGiven } from './patch.ts';
import { type Answers, Pending } from './pending.ts';
import { MUTATING, VALIDATING } from './storages.ts';
import { failed } from './words.ts';

interface Session {
  readonly api: Api;
  readonly answers: Answers;
  /** The API that the write was asked of: what is asked of webhooks is not begun again. */
  readonly real: Api;
}

/** The object of a request as the webhooks that mutate leave it. */
export function mutateByWebhooks(session: Session, write: JudgedWrite): KubeObject | undefined {
  if (!isScale(write)) return mutateTold(session, write);
  const scale = asScale(write);
  const changed = mutateTold(session, scale);
  if (!changed || changed === scale.object) return write.object;
  const scaled = withAt(
    write.object ?? {},
    scalePaths(write.kind).replicas,
    numberAt(changed, 'spec', 'replicas') ?? 0,
  );
  return isKubeObject(scaled) ? scaled : write.object;
}

const SCALE = { group: 'autoscaling', version: 'v1', kind: 'Scale' } as const;

const isScale = ({ settings }: JudgedWrite): boolean => settings.subresource === 'scale';

/** Of a scale webhooks hear no more than that. */
function asScale(write: JudgedWrite): JudgedWrite {
  const { kind, object, before } = write;
  const scaled = (one: KubeObject | undefined): KubeObject | undefined => one && scaleOf(kind, one, 0);
  return { ...write, told: SCALE, object: scaled(object), before: scaled(before) };
}

function mutateTold(session: Session, write: JudgedWrite): KubeObject | undefined {
  const hooks = isExempt(write.kind) ? [] : hooksOf(session.api, MUTATING);
  const sent = write.object && !write.before ? unnamed(write.object) : write.object;
  let object = sent;
  const ask = (hook: Hook): boolean => {
    const before = object;
    object = mutatedBy(session, hook, { ...write, object });
    return object !== before && !sameJson(object ?? null, before ?? null);
  };
  const asked: Hook[] = [];
  const again = new Set<Hook>();
  for (const hook of hooks) {
    if (ask(hook)) for (const one of asked) again.add(one);
    if (textAt(hook.spec, 'reinvocationPolicy') === 'IfNeeded') asked.push(hook);
  }
  for (const hook of asked) if (again.has(hook)) ask(hook);
  if (object === sent || !object || !write.object) return write.object;
  return withGiven(object, { ...write, object: write.object });
}

function mutatedBy(session: Session, hook: Hook, write: JudgedWrite): KubeObject | undefined {
  const kind = heardKind(session.api, hook, write);
  if (!kind) return write.object;
  const question = questionOf(session, hook, { kind, write, mutates: true });
  const outcome = session.answers.get(question.key);
  if (!outcome) throw new Pending(question.ask);
  const response = responseOf(hook, outcome, write);
  return response ? changedBy(session.api, { hook, kind, write }, response) : write.object;
}

/** Throws what the first webhook to answer has against a request. */
export function validateByWebhooks(session: Session, given: JudgedWrite): void {
  const write = isScale(given) ? asScale(given) : given;
  const { api, answers } = session;
  const hooks = isExempt(write.kind) ? [] : hooksOf(api, VALIDATING);
  const questions = hooks.flatMap((hook) => {
    const kind = heardKind(api, hook, write);
    return kind ? [{ hook, ...questionOf(session, hook, { kind, write, mutates: false }) }] : [];
  });
  const open = questions.filter(({ key }) => !answers.has(key));
  if (open.length > 0) throw new Pending(() => Promise.all(lastFirst(open).map(({ ask }) => ask())));
  const found = [...answers].flatMap(([answered, outcome]) => {
    const hook = questions.find(({ key }) => key === answered)?.hook;
    return hook ? [{ hook, outcome }] : [];
  });
  for (const { outcome } of found) tell(outcome, write);
  for (const { hook, outcome } of found) responseOf(hook, outcome, { ...write, settings: withoutWarnings(write) });
}

/** The order in which Go begins what is to be done at the same time. */
const lastFirst = <T>(all: readonly T[]): readonly T[] => [...all.slice(-1), ...all.slice(0, -1)];

const withoutWarnings = ({ settings: { warn: _warn, ...settings } }: JudgedWrite): JudgedWrite['settings'] => settings;

function tell(outcome: Outcome, { settings }: JudgedWrite): void {
  if ('response' in outcome) for (const text of outcome.response.warnings) settings.warn?.(text);
}

/** What a webhook allows; undefined where it does not answer and need not; throws what it denies. */
function responseOf(hook: Hook, outcome: Outcome, write: JudgedWrite): Response | undefined {
  if ('fault' in outcome) {
    if (hook.isIgnored) return undefined;
    throw failed(hook.name, outcome.fault);
  }
  tell(outcome, write);
  if (!outcome.response.allowed) throw denied(hook.name, outcome.response);
  return outcome.response;
}

interface Heard {
  readonly kind: Kind;
  readonly write: JudgedWrite;
  readonly mutates: boolean;
}

interface Question {
  readonly key: string;
  readonly ask: () => Promise<unknown>;
}

function questionOf({ answers, real }: Session, hook: Hook, { kind, write, mutates }: Heard): Question {
  const served = (object: KubeObject | undefined): KubeObject | null => (object ? servedAs(kind, write, object) : null);
  const { name: _name, ...unasked } = requestOf(write, kind);
  const object = write.object ?? write.before;
  const isNamed = object && !(write.object && !write.before && isGenerated(object.metadata) && mutates);
  const name = isNamed ? (object.metadata.name ?? '') : '';
  const request = {
    ...unasked,
    ...(name === '' ? {} : { name }),
    object: served(write.object),
    oldObject: served(write.before),
  };
  const key = `${hook.id} ${JSON.stringify(request)}`;
  const ask = async (): Promise<void> => {
    const uid = newUid(real.random);
    answers.set(key, await callWebhook(hook, { request: { uid, ...request }, mutates, clock: real.wallClock }));
  };
  return { key, ask };
}
