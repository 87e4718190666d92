// Who may do what: the policy of an installation, what everybody may do, and what each project adds for its own objects.

import { type PolicyFault, parsePolicy } from './parse.ts';
import { BUILTIN, createPolicy, type Policy, type PolicyLines, type Question } from './policy.ts';
import type { PolicySettings } from './settings.ts';
import { IN_PROJECTS } from './words.ts';

export interface Subject {
  /** '' for nobody. */
  readonly name: string;
  readonly groups: readonly string[];
}

/** A role of a project, as far as rights go. */
export interface ProjectRole {
  readonly name: string;
  readonly policies?: readonly string[];
  readonly groups?: readonly string[];
}

export interface ProjectPolicy {
  readonly name: string;
  readonly roles: readonly ProjectRole[];
}

export interface Access {
  may(subject: Subject, question: Question): boolean;
}

export interface AccessOptions {
  readonly settings: Pick<PolicySettings, 'lines' | 'matchMode' | 'defaultRole'>;
  readonly builtin?: PolicyLines;
  readonly project: (name: string) => ProjectPolicy | undefined;
}

export function createAccess({ settings, builtin = BUILTIN, project }: AccessOptions): Access {
  const { lines, matchMode, defaultRole } = settings;
  const base = createPolicy([builtin, lines], matchMode);
  const ofProject = projectPolicies(base);
  return {
    may: ({ name, groups }, question) => {
      const own = project(projectOf(question));
      const role = projectRoleOf(name);
      const policy = own ? ofProject(own) : base;
      const allows = (subject: string): boolean =>
        (defaultRole !== '' && policy.allows(defaultRole, question)) || policy.allows(subject, question);
      if (own && role) return (role.project === own.name && allows(name)) || nobodyMay(base, defaultRole, question);
      if (allows(name)) return true;
      if (groups.some((group) => policy.hasRoles(group) && allows(group))) return true;
      return nobodyMay(base, defaultRole, question);
    },
  };
}

/** What is open to those without a name is open to all. */
function nobodyMay(base: Policy, defaultRole: string, question: Question): boolean {
  return (defaultRole !== '' && base.allows(defaultRole, question)) || base.allows('', question);
}

/** The name of the project that an object belongs to; '' for none. */
function projectOf({ resource, object }: Question): string {
  if (resource === 'projects') return object;
  const slash = object.indexOf('/');
  return slash > 0 && IN_PROJECTS.has(resource) ? object.slice(0, slash) : '';
}

/** 'proj:PROJECT:ROLE' is the subject of a token of a project. */
export function projectRoleOf(subject: string): { readonly project: string; readonly role: string } | undefined {
  const [kind, project, role, ...rest] = subject.split(':');
  if (kind !== 'proj' || project === undefined || role === undefined || rest.length > 0) return undefined;
  return { project, role };
}

/** The lines that a project adds: each of its roles may see it, has its policies, and its groups have the role. */
function projectLines({ name, roles }: ProjectPolicy): string {
  return roles
    .flatMap((role) => {
      const subject = `proj:${name}:${role.name}`;
      const groups = (role.groups ?? []).map((group) => `g, ${group}, ${subject}`);
      return [`p, ${subject}, projects, get, ${name}, allow`, ...(role.policies ?? []), ...groups];
    })
    .join('\n');
}

/** Why the lines of a project do not count. */
export const projectFaults = (project: ProjectPolicy): readonly PolicyFault[] =>
  parsePolicy(projectLines(project)).faults;

/** Each project is read once, until it is another object. A project whose lines cannot be read adds nothing. */
function projectPolicies(base: Policy): (project: ProjectPolicy) => Policy {
  const policies = new WeakMap<ProjectPolicy, Policy>();
  return (project) => {
    const known = policies.get(project);
    if (known) return known;
    const { rules, groupings, faults } = parsePolicy(projectLines(project));
    const policy = faults.length > 0 ? base : base.extended(rules, groupings);
    policies.set(project, policy);
    return policy;
  };
}
