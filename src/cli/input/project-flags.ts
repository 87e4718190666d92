// The flags that describe a project as a whole, and the specification that they make.

import { HawserError } from '../../core/errors.ts';
import type {
  DestinationServiceAccount,
  GroupKind,
  KindPattern,
  OrphanedResources,
  ProjectDestination,
  ProjectSpec,
} from '../../model/project.ts';
import type { Policy } from '../compat/policy.ts';
import { type Flag, type OptionsOf, typedFlag } from './flags.ts';
import { checkKey } from './key-id.ts';

export const PROJECT_FLAGS = [
  { name: 'description', type: 'string', summary: 'what the project is for' },
  {
    name: 'dest',
    short: 'd',
    type: 'stringArray',
    value: 'server,namespace',
    summary: 'allow a destination; repeatable',
  },
  { name: 'src', short: 's', type: 'stringArray', value: 'url', summary: 'allow a repository; repeatable' },
  {
    name: 'source-namespaces',
    type: 'strings',
    value: 'namespaces',
    summary: 'allow Applications in these namespaces',
  },
  { name: 'signature-keys', type: 'strings', value: 'ids', summary: 'accept commits signed by these GnuPG keys' },
  {
    name: 'allow-cluster-resource',
    type: 'stringArray',
    value: 'group/kind',
    summary: 'allow a kind of cluster-scoped resources; repeatable',
  },
  {
    name: 'deny-cluster-resource',
    type: 'stringArray',
    value: 'group/kind',
    summary: 'deny a kind of cluster-scoped resources; repeatable',
  },
  {
    name: 'allow-namespaced-resource',
    type: 'stringArray',
    value: 'group/kind',
    summary: 'allow a kind of namespaced resources; repeatable',
  },
  {
    name: 'deny-namespaced-resource',
    type: 'stringArray',
    value: 'group/kind',
    summary: 'deny a kind of namespaced resources; repeatable',
  },
  {
    name: 'dest-service-accounts',
    type: 'stringArray',
    value: 'server,namespace,account',
    summary: 'deploy to a destination as a service account; repeatable',
  },
  { name: 'orphaned-resources', type: 'bool', summary: 'look for resources that belong to no application' },
  { name: 'orphaned-resources-warn', type: 'bool', summary: 'add a condition to applications where there are some' },
] as const satisfies readonly Flag[];

export type ProjectOptions = OptionsOf<typeof PROJECT_FLAGS>;

export const isAnyTyped = (options: ProjectOptions): boolean => typedFlag(PROJECT_FLAGS, options) !== undefined;

/** Each list that was typed takes the place of the one before. */
export function withProjectFlags(spec: ProjectSpec, options: ProjectOptions, policy: Pick<Policy, 'own'>): ProjectSpec {
  const typed: { readonly [K in keyof ProjectSpec]: ProjectSpec[K] | undefined } = {
    description: options.description,
    destinations: options.dest?.map((text) => destinationOf(text, policy)),
    sourceRepos: options.src,
    sourceNamespaces: options.sourceNamespaces,
    signatureKeys: options.signatureKeys?.map(keyOf),
    clusterResourceWhitelist: options.allowClusterResource?.map(patternOf),
    clusterResourceBlacklist: options.denyClusterResource?.map(patternOf),
    namespaceResourceWhitelist: options.allowNamespacedResource?.map(kindOf),
    namespaceResourceBlacklist: options.denyNamespacedResource?.map(kindOf),
    destinationServiceAccounts: options.destServiceAccounts?.map(accountOf),
  };
  const changed = Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== undefined));
  return withOrphans({ ...spec, ...changed }, options, policy);
}

/** Typing either writes the settings anew, or takes them away; what is ignored stays, but for the reference. */
function withOrphans(spec: ProjectSpec, options: ProjectOptions, { own }: Pick<Policy, 'own'>): ProjectSpec {
  const { orphanedResources: isOn, orphanedResourcesWarn: warn } = options;
  if (isOn === undefined && warn === undefined) return spec;
  const { orphanedResources: before, ...rest } = spec;
  if (!isOn && warn === undefined) return rest;
  const ignore = own.add(() => before?.ignore, undefined);
  const settings: OrphanedResources = { ...(warn === undefined ? {} : { warn }), ...(ignore ? { ignore } : {}) };
  return { ...spec, orphanedResources: settings };
}

/** A cluster by its name is one of our own. */
function destinationOf(text: string, { own }: Pick<Policy, 'own'>): ProjectDestination {
  const [server = '', namespace, ...more] = text.split(',');
  if (namespace === undefined || more.length > 0) throw wrongPart('destination', 'server,namespace', text);
  const isName = own.add(() => !/:\/\/|[*!]/.test(server), false);
  return isName ? { name: server, namespace } : { server, namespace };
}

function accountOf(text: string): DestinationServiceAccount {
  const [server = '', namespace = '', defaultServiceAccount, ...more] = text.split(',');
  if (defaultServiceAccount === undefined || more.length > 0)
    throw wrongPart('destination service account', 'server,namespace,defaultServiceAccount', text);
  return { server, namespace, defaultServiceAccount };
}

function wrongPart(what: string, form: string, text: string): HawserError {
  return new HawserError('usage', `'${text}' is no ${what}`, {
    hint: `write it like ${form}`,
    reason: { kind: 'invalid-part', message: `Expected ${what} of the form: ${form}. Received: ${text}` },
  });
}

function keyOf(keyID: string): { readonly keyID: string } {
  checkKey(keyID);
  return { keyID };
}

/** 'Kind', 'group/Kind'. */
function kindOf(text: string): GroupKind {
  const [first = '', ...rest] = text.split('/');
  return rest.length === 0 ? { group: '', kind: first } : { group: first, kind: rest[0] ?? '' };
}

/** 'Kind', 'group/Kind', 'group/Kind/name'. */
function patternOf(text: string): KindPattern {
  const name = text.split('/').slice(2).join('/');
  return { ...kindOf(text), ...(name === '' ? {} : { name }) };
}
