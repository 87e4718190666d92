// From flags to the spec of an application: what is typed is changed, everything else stays.

import { HawserError } from '../../../../core/errors.ts';
import { omitUndefined } from '../../../../core/omit-undefined.ts';
import { formatDuration, parseDuration } from '../../../../core/time.ts';
import type { ApplicationSpec, SyncPolicy } from '../../../../model/application.ts';
import type { ApplicationSource } from '../../../../model/source.ts';
import { typedFlag } from '../../../input/flags.ts';
import { HYDRATOR_FLAGS, type SpecFlags } from './flags.ts';
import { applySourceFlags } from './source.ts';

export interface SpecChange {
  readonly flags: SpecFlags;
  /** What --values-literal-file holds. */
  readonly values?: unknown;
  /** Which of several sources is meant, from 0; the single source where there is but one. */
  readonly source?: number;
}

/** The spec with what the flags say. */
export function applySpecFlags(spec: ApplicationSpec, change: SpecChange): ApplicationSpec {
  const { flags } = change;
  const sourced = typedFlag(HYDRATOR_FLAGS, flags)
    ? { ...spec, sourceHydrator: hydratorWith(spec.sourceHydrator, flags) }
    : withSources(spec, change);
  const next: ApplicationSpec = {
    ...sourced,
    destination: {
      ...spec.destination,
      ...omitUndefined({ server: flags.destServer, name: flags.destName, namespace: flags.destNamespace }),
    },
    project: flags.project ?? spec.project,
    ...omitUndefined({ revisionHistoryLimit: flags.revisionHistoryLimit }),
  };
  const { syncPolicy: _before, ...rest } = next;
  const policy = policyWith(spec.syncPolicy ?? {}, flags);
  return Object.keys(policy).length === 0 ? rest : { ...rest, syncPolicy: policy };
}

function withSources(spec: ApplicationSpec, { flags, values, source }: SpecChange): ApplicationSpec {
  if (source !== undefined && spec.sources && spec.sources.length > 0) {
    return {
      ...spec,
      sources: spec.sources.map((known, index) => (index === source ? applySourceFlags(known, flags, values) : known)),
    };
  }
  const single: ApplicationSource = spec.source ?? { repoURL: '' };
  const next = applySourceFlags(single, flags, values);
  return spec.source === undefined && Object.keys(next).length === 1 && next.repoURL === ''
    ? spec
    : { ...spec, source: next };
}

function hydratorWith(before: unknown, flags: SpecFlags): unknown {
  const hydrator: Record<string, unknown> = typeof before === 'object' && before !== null ? { ...before } : {};
  const block = (name: string, fields: Record<string, string | undefined>): void => {
    const changes = Object.entries(fields).filter(([, value]) => value !== undefined);
    if (changes.length === 0) return;
    const old = hydrator[name];
    hydrator[name] = { ...(typeof old === 'object' ? old : {}), ...Object.fromEntries(changes) };
  };
  block('drySource', {
    repoURL: flags.drySourceRepo,
    path: flags.drySourcePath,
    targetRevision: flags.drySourceRevision,
  });
  block('syncSource', { targetBranch: flags.syncSourceBranch, path: flags.syncSourcePath });
  if (flags.hydrateToBranch === '') delete hydrator['hydrateTo'];
  else block('hydrateTo', { targetBranch: flags.hydrateToBranch });
  return hydrator;
}

function policyWith(before: SyncPolicy, flags: SpecFlags): SyncPolicy {
  let policy = namedPolicy(before, flags.syncPolicy);
  if (flags.syncOption) policy = withOptions(policy, flags.syncOption);
  policy = withRetry(policy, flags);
  const switches = {
    ...omitUndefined({ prune: flags.autoPrune, selfHeal: flags.selfHeal, allowEmpty: flags.allowEmpty }),
  };
  if (Object.keys(switches).length === 0) return policy;
  // The switches alone do not turn auto-sync on: they wait for it, switched off.
  return { ...policy, automated: { ...(policy.automated ?? { enabled: false }), ...switches } };
}

function namedPolicy(policy: SyncPolicy, name: string | undefined): SyncPolicy {
  if (name === undefined) return policy;
  if (['automated', 'auto', 'automatic'].includes(name)) return { ...policy, automated: {} };
  if (!['manual', 'none'].includes(name)) {
    throw new HawserError('usage', `Invalid sync-policy: ${name}`, {
      hint: 'valid values: manual (or none), automated (or auto, automatic)',
    });
  }
  const { automated: _dropped, ...rest } = policy;
  return rest;
}

function withOptions(policy: SyncPolicy, added: readonly string[]): SyncPolicy {
  let options = [...(policy.syncOptions ?? [])];
  for (const option of added) {
    const name = option.replace(/^!/, '');
    options = options.filter((other) => other !== name);
    if (name === option) options.push(option);
  }
  const { syncOptions: _before, ...rest } = policy;
  return options.length === 0 ? rest : { ...rest, syncOptions: options };
}

function withRetry(policy: SyncPolicy, flags: SpecFlags): SyncPolicy {
  const limit = flags.syncRetryLimit;
  const refresh = flags.syncRetryRefresh === undefined ? {} : { refresh: flags.syncRetryRefresh };
  if (limit === undefined) {
    return flags.syncRetryRefresh === undefined ? policy : { ...policy, retry: { ...policy.retry, ...refresh } };
  }
  if (limit < 0) throw new HawserError('usage', `Invalid sync-retry-limit [${limit}]`);
  const { retry, ...rest } = policy;
  if (limit === 0) return rest;
  const backoff = {
    duration: goDuration(flags.syncRetryBackoffDuration ?? '5s'),
    factor: flags.syncRetryBackoffFactor ?? 2,
    maxDuration: goDuration(flags.syncRetryBackoffMaxDuration ?? '3m0s'),
  };
  return { ...rest, retry: { ...(retry?.refresh ? { refresh: true } : {}), limit, backoff, ...refresh } };
}

const goDuration = (text: string): string => formatDuration(parseDuration(text));
