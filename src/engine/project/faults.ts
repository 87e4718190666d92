// What is wrong with a project by itself, in the words and with the gRPC codes of the reference.

import { type Project, type ProjectSpec, SIGNATURE_MODES } from '../../model/project.ts';
import { windowFault } from '../../model/window-fault.ts';
import { type ProjectFault, rolesFaults } from './role-faults.ts';

const GRPC = { unknown: 2, invalid: 3, alreadyExists: 6, outOfRange: 11 } as const;

const invalid = (message: string): ProjectFault => ({ grpc: GRPC.invalid, message });

type Check = (spec: ProjectSpec, name: string) => Iterable<ProjectFault>;

const CHECKS: readonly Check[] = [
  destinationFaults,
  sourceNamespaceFaults,
  sourceFaults,
  ({ roles = [] }, name) => rolesFaults(roles ?? [], name),
  windowFaults,
  serviceAccountFaults,
];

/** The first fault, as the reference tells one at a time. */
export function projectFault({ metadata, spec }: Project): ProjectFault | undefined {
  for (const check of CHECKS) {
    for (const fault of check(spec, metadata.name)) return fault;
  }
  return undefined;
}

/** Denies everything, also what a later pattern allows. */
const DENY_ALL = '!*';

function* destinationFaults({ destinations }: ProjectSpec): Iterable<ProjectFault> {
  const keys = new Set<string>();
  for (const { server = '', name = '', namespace = '' } of destinations ?? []) {
    for (const [field, pattern] of Object.entries({ name, server, namespace }))
      if (pattern === DENY_ALL) yield invalid(`${field} has an invalid format, '${DENY_ALL}'`);
    const key = `${server || name}/${namespace}`;
    if (keys.has(key)) yield invalid(`destination '${key}' already added`);
    keys.add(key);
  }
}

function* sourceNamespaceFaults({ sourceNamespaces }: ProjectSpec): Iterable<ProjectFault> {
  for (const namespace of repeated(sourceNamespaces)) yield invalid(`source namespace '${namespace}' already added`);
}

function* sourceFaults({ sourceRepos }: ProjectSpec): Iterable<ProjectFault> {
  const urls = new Set<string>();
  for (const url of sourceRepos ?? []) {
    if (url === DENY_ALL) yield invalid(`source repository has an invalid format, '${DENY_ALL}'`);
    if (urls.has(url)) yield invalid(`source repository '${url}' already added`);
    urls.add(url);
  }
}

function* windowFaults({ syncWindows }: ProjectSpec): Iterable<ProjectFault> {
  const keys = new Set<string>();
  for (const window of syncWindows ?? []) {
    const { kind = '', schedule = '', duration = '', applications, namespaces, clusters } = window;
    const title = `window '${kind}':'${schedule}':'${duration}'`;
    const targets = [applications ?? [], namespaces ?? [], clusters ?? []];
    const key = JSON.stringify([title, targets, window.timeZone ?? '', window.andOperator ?? false]);
    if (keys.has(key)) yield { grpc: GRPC.alreadyExists, message: `${title} already exists, update or edit` };
    const message = windowFault(window);
    if (message !== undefined) yield { grpc: GRPC.unknown, message };
    if (targets.every((list) => list.length === 0))
      yield { grpc: GRPC.outOfRange, message: `${title} requires one of application, cluster or namespace` };
    keys.add(key);
  }
}

function* serviceAccountFaults({ destinationServiceAccounts }: ProjectSpec): Iterable<ProjectFault> {
  const keys = new Set<string>();
  for (const { server, namespace = '', defaultServiceAccount } of destinationServiceAccounts ?? []) {
    for (const [field, pattern] of Object.entries({ server, namespace }))
      if (pattern.includes('!')) yield invalid(`${field} has an invalid format, '${pattern}'`);
    if (defaultServiceAccount.trim() === '' || /[!*[\]{}\\/]/.test(defaultServiceAccount))
      yield invalid(`defaultServiceAccount has an invalid format, '${defaultServiceAccount}'`);
    const key = `${server}/${namespace}`;
    if (keys.has(key)) yield invalid(`destinationServiceAccount '${key}' already added`);
    keys.add(key);
  }
}

function* repeated(texts: readonly string[] | undefined): Iterable<string> {
  const seen = new Set<string>();
  for (const text of texts ?? []) {
    if (seen.has(text)) yield text;
    seen.add(text);
  }
}

/** What the cluster refuses: lists that are needed and empty, and values that there are none of. */
export function schemaFault({ metadata, spec }: Project): ProjectFault | undefined {
  const faults = (spec.sourceIntegrity?.git?.policies ?? []).flatMap(({ gpg, repos }, index) => {
    const path = `spec.sourceIntegrity.git.policies[${index}]`;
    const modes = [...SIGNATURE_MODES].sort().map((mode) => JSON.stringify(mode));
    return [
      ...(gpg.keys?.length ? [] : [`${path}.gpg.keys: Required value`]),
      ...(SIGNATURE_MODES.some((mode) => mode === gpg.mode)
        ? []
        : [`${path}.gpg.mode: Unsupported value: ${JSON.stringify(gpg.mode)}: supported values: ${modes.join(', ')}`]),
      ...(repos?.length ? [] : [`${path}.repos: Required value`]),
    ];
  });
  if ((spec.description ?? '').length > MAX_DESCRIPTION)
    faults.unshift(`spec.description: Too long: may not be more than ${MAX_DESCRIPTION} bytes`);
  if (faults.length === 0) return undefined;
  const told = faults.length === 1 ? faults[0] : `[${faults.join(', ')}]`;
  return invalid(`AppProject.argoproj.io "${metadata.name}" is invalid: ${told}`);
}

const MAX_DESCRIPTION = 255;
