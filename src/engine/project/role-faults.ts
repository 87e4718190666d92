// What is wrong with the roles of a project: names, lines of policy, groups.

import type { ProjectRole } from '../../model/project.ts';

export interface ProjectFault {
  readonly grpc: number;
  readonly message: string;
}

const INVALID = 3;
const ALREADY_EXISTS = 6;

const invalid = (message: string): ProjectFault => ({ grpc: INVALID, message });

export function* rolesFaults(roles: readonly ProjectRole[], project: string): Iterable<ProjectFault> {
  const names = new Set<string>();
  for (const role of roles) {
    if (names.has(role.name)) yield { grpc: ALREADY_EXISTS, message: `role '${role.name}' already exists` };
    names.add(role.name);
    if (!/^[a-zA-Z0-9]([-_a-zA-Z0-9]*[a-zA-Z0-9])?$/.test(role.name))
      yield invalid(
        `invalid role name '${role.name}'. Must consist of alphanumeric characters, '-' or '_', and must start and end with an alphanumeric character`,
      );
    yield* listFaults('policy', role.policies, role.name, (policy) => policyFault(policy, project, role.name));
    yield* listFaults('group', role.groups, role.name, groupFault);
  }
}

function* listFaults(
  noun: string,
  texts: readonly string[] | undefined,
  role: string,
  faultOf: (text: string) => string | undefined,
): Iterable<ProjectFault> {
  const seen = new Set<string>();
  for (const text of texts ?? []) {
    if (seen.has(text)) yield { grpc: ALREADY_EXISTS, message: `${noun} '${text}' already exists for role '${role}'` };
    seen.add(text);
    const fault = faultOf(text);
    if (fault !== undefined) yield invalid(fault);
  }
}

/** Resources whose objects belong to a project, with the form of an object of each. */
const OBJECT_FORMS: Readonly<Record<string, RegExp>> = {
  applications: /^(\/[*\w.-]+)?\/[*\w.-]+$/,
  applicationsets: /^(\/[*\w.-]+)?\/[*\w.-]+$/,
  repositories: /^\/.+$/,
  exec: /^(\/[*\w.-]+)?\/[*\w.-]+$/,
  logs: /^(\/[*\w.-]+)?\/[*\w.-]+$/,
  clusters: /^\/.+$/,
};

const ACTION = /^(get|create|update|delete|sync|override|\*|(action|update|delete)\/.*)$/;

function policyFault(policy: string, project: string, role: string): string | undefined {
  const parts = policy.split(',').map((part) => part.trim());
  const [kind, subject = '', resource = '', action = '', object = '', effect = ''] = parts;
  const fault = (text: string): string => `invalid policy rule '${policy}': ${text}`;
  if (parts.length !== 6 || kind !== 'p') return fault("must be of the form: 'p, sub, res, act, obj, eft'");
  const own = `proj:${project}:${role}`;
  if (subject !== own) return fault(`policy subject must be: '${own}', not '${subject}'`);
  const form = OBJECT_FORMS[resource];
  if (!form)
    return fault(
      `project resource must be: 'applications', 'applicationsets', 'repositories', 'exec', 'logs' or 'clusters', not '${resource}'`,
    );
  if (!ACTION.test(action)) return fault(`invalid action '${action}'`);
  if (!object.startsWith(project) || !form.test(object.slice(project.length)))
    return fault(
      `object must be of form '${project}/*', '${project}[/<NAMESPACE>]/<APPNAME>' or '${project}/<APPNAME>', not '${object}'`,
    );
  return effect === 'allow' || effect === 'deny' ? undefined : fault("effect must be: 'allow' or 'deny'");
}

/** A group with a comma stands in quotes. */
function groupFault(group: string): string | undefined {
  const name = /^"(.*)"$/s.exec(group)?.[1] ?? group;
  if (name.trim() === '') return `group '${group}' is empty`;
  const isPlain = name === name.trim() && !/["\n\r\t]/.test(name) && (name !== group || !name.includes(','));
  return isPlain ? undefined : `group '${group}' contains invalid characters`;
}

/** A line of policy with one space after each comma. */
export function normalPolicy(policy: string): string {
  const [first = '', ...rest] = policy.split(',');
  return [first, ...rest.map((part) => part.trim())].join(', ');
}
