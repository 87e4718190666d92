// A policy, ready to decide: what a subject may do by its own rights and those of its roles. Denied is denied, whatever
// allows it. Rights are looked up by subject, resource and action, and only objects are matched one by one.

import { compileRegExp } from '../../core/regexp.ts';
import { BUILTIN_GROUPINGS, BUILTIN_RULES } from './builtin.ts';
import { compileGlob, type Matcher } from './glob.ts';
import type { Grouping, PolicyRule } from './parse.ts';

export type MatchMode = 'glob' | 'regex';

/** What is asked of a policy. */
export interface Question {
  readonly resource: string;
  readonly action: string;
  readonly object: string;
}

export interface Policy {
  allows(subject: string, question: Question): boolean;
  /** Whether a line of it gives the subject a role. */
  hasRoles(subject: string): boolean;
  /** The same with the lines of a project. */
  extended(rules: readonly PolicyRule[], groupings: readonly Grouping[]): Policy;
}

interface CompiledRule {
  readonly subject: string;
  readonly resource: Matcher;
  readonly action: Matcher;
  readonly object: Matcher;
  /** The object, where nothing but the very text of it fits. */
  readonly exact: string | undefined;
  /** What stands before the first slash of the object, where that is said by name. */
  readonly project: string | undefined;
  readonly effect: string;
}

/** Roles of roles count up to this many steps. */
const MAX_STEPS = 10;
/** Callers choose subjects, and requests name actions: what is remembered of them is bounded. */
const MAX_REMEMBERED = 2000;

export interface PolicyLines {
  readonly rules: readonly PolicyRule[];
  readonly groupings: readonly Grouping[];
}

export const BUILTIN: PolicyLines = { rules: BUILTIN_RULES, groupings: BUILTIN_GROUPINGS };

export function createPolicy(lines: readonly PolicyLines[], mode: MatchMode): Policy {
  const compile = compilerOf(mode);
  return policyOf(
    lines.flatMap(({ rules }) => rules.map(compile)),
    lines.flatMap(({ groupings }) => groupings),
    compile,
  );
}

type Compile = (rule: PolicyRule) => CompiledRule;

function policyOf(rules: readonly CompiledRule[], groupings: readonly Grouping[], compile: Compile): Policy {
  const bySubject = groupBySubject(rules);
  const roles = groupBySubject(groupings);
  const remembered = createMemory<Rights>();
  return {
    allows: (subject, { resource, action, object }) => {
      const rights = remembered(subject, () => createRights(rulesOf(subject, bySubject, roles)));
      return rights(resource, action)(object);
    },
    hasRoles: (subject) => roles.has(subject),
    extended: (more, moreGroupings) =>
      policyOf([...rules, ...more.map(compile)], [...groupings, ...moreGroupings], compile),
  };
}

function groupBySubject<T extends { readonly subject: string }>(
  lines: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const line of lines) {
    const group = groups.get(line.subject);
    if (group) group.push(line);
    else groups.set(line.subject, [line]);
  }
  return groups;
}

/** Those of a subject, of its roles, and of theirs. */
function rulesOf(
  subject: string,
  bySubject: ReadonlyMap<string, readonly CompiledRule[]>,
  roles: ReadonlyMap<string, readonly Grouping[]>,
): readonly CompiledRule[] {
  const holders = new Set([subject]);
  let last: readonly string[] = [subject];
  for (let step = 0; step < MAX_STEPS && last.length > 0; step += 1) {
    const next = last.flatMap((name) => roles.get(name) ?? []).map(({ role }) => role);
    last = [...new Set(next)].filter((role) => !holders.has(role));
    for (const role of last) holders.add(role);
  }
  return [...holders].flatMap((holder) => bySubject.get(holder) ?? []);
}

/** Of one subject. */
type Rights = (resource: string, action: string) => Matcher;

function createRights(rules: readonly CompiledRule[]): Rights {
  const ofResource = createMemory<readonly CompiledRule[]>();
  const ofAction = createMemory<Matcher>();
  return (resource, action) =>
    ofAction(`${resource} ${action}`, () => {
      const candidates = ofResource(resource, () => rules.filter((rule) => rule.resource(resource)));
      return objectsOf(candidates.filter((rule) => rule.action(action)));
    });
}

/** Which objects these rules allow. */
function objectsOf(rules: readonly CompiledRule[]): Matcher {
  const allowed = anyOf(rules.filter(({ effect }) => effect === 'allow'));
  const denied = anyOf(rules.filter(({ effect }) => effect === 'deny'));
  return (object) => allowed(object) && !denied(object);
}

/** Most objects are 'project/…': a glob that names a project is tried on the objects of that project alone. */
function anyOf(rules: readonly CompiledRule[]): Matcher {
  const exact = new Set(rules.flatMap(({ exact: text }) => text ?? []));
  const everywhere: Matcher[] = [];
  const inProjects = new Map<string, Matcher[]>();
  for (const { object, project, exact: text } of rules) {
    if (text !== undefined) continue;
    const others = project === undefined ? everywhere : inProjects.get(project);
    if (others) others.push(object);
    else inProjects.set(project ?? '', [object]);
  }
  return (object) => {
    if (exact.has(object)) return true;
    const slash = object.indexOf('/');
    const ofProject = slash < 0 ? undefined : inProjects.get(object.slice(0, slash));
    const fits = (matches: Matcher): boolean => matches(object);
    return ofProject?.some(fits) || everywhere.some(fits);
  };
}

const ALWAYS: Matcher = () => true;
const NEVER: Matcher = () => false;

/** A glob that cannot be read fits nothing; an expression that cannot be read denies all that reaches it, as in the reference. */
function compilerOf(mode: MatchMode): Compile {
  const matchers = new Map<string, Matcher | undefined>();
  const matcherOf = (pattern: string): Matcher | undefined => {
    const known = matchers.get(pattern);
    if (known) return known;
    const matcher = mode === 'regex' ? compileRegExp(pattern) : (compileGlob(pattern) ?? NEVER);
    matchers.set(pattern, matcher);
    return matcher;
  };
  const isLiteral = (pattern: string): boolean => mode === 'glob' && !/[*?[\]{}\\]/.test(pattern);
  return ({ subject, effect, ...patterns }) => {
    const [resource, action, object] = [patterns.resource, patterns.action, patterns.object].map(matcherOf);
    return {
      subject,
      resource: resource ?? ALWAYS,
      action: resource ? (action ?? ALWAYS) : ALWAYS,
      object: resource && action ? (object ?? ALWAYS) : ALWAYS,
      exact: isLiteral(patterns.object) ? patterns.object : undefined,
      project: mode === 'glob' ? /^([^*?[\]{}\\/]*)\//.exec(patterns.object)?.[1] : undefined,
      effect: resource && action && object ? effect : 'deny',
    };
  };
}

/** Remembers what was made for a key; all of it is forgotten when it grows too much. */
function createMemory<T>(): (key: string, make: () => T) => T {
  const known = new Map<string, T>();
  return (key, make) => {
    const value = known.get(key);
    if (value !== undefined) return value;
    if (known.size >= MAX_REMEMBERED) known.clear();
    const made = make();
    known.set(key, made);
    return made;
  };
}
