// The policy language: lines of CSV that give a subject rights (p) or roles (g).

import { readCsvLine } from './csv.ts';

export interface PolicyRule {
  readonly subject: string;
  readonly resource: string;
  readonly action: string;
  readonly object: string;
  /** 'allow' or 'deny'; anything else decides nothing. */
  readonly effect: string;
}

/** A subject has the rights of a role, which may have a role itself. */
export interface Grouping {
  readonly subject: string;
  readonly role: string;
}

/** What is wrong with a line, and where. Lines and columns are counted from 1. */
export interface PolicyFault {
  readonly line: number;
  readonly column: number;
  readonly text: string;
  readonly problem: string;
}

export interface PolicyText {
  readonly rules: readonly PolicyRule[];
  readonly groupings: readonly Grouping[];
  /** A policy with one is none: no line of it holds. */
  readonly faults: readonly PolicyFault[];
}

/** The words of a line by its kind. */
const WORDS: Readonly<Record<string, number>> = { p: 6, g: 3 };

export function parsePolicy(policy: string): PolicyText {
  const rules: PolicyRule[] = [];
  const groupings: Grouping[] = [];
  const faults: PolicyFault[] = [];
  for (const [index, raw] of policy.split('\n').entries()) {
    const text = raw.trim();
    if (text === '' || text.startsWith('#')) continue;
    const read = readCsvLine(text);
    const problem = 'problem' in read ? read : faultOf(read.fields);
    if (problem) {
      const column = problem.column + raw.indexOf(text);
      faults.push({ line: index + 1, column, text, problem: problem.problem });
    } else if ('fields' in read) {
      const [kind, subject = '', second = '', action = '', object = '', effect = ''] = read.fields;
      if (kind === 'p') rules.push({ subject, resource: second, action, object, effect });
      else groupings.push({ subject, role: second });
    }
  }
  return { rules, groupings, faults };
}

function faultOf(fields: readonly string[]): { readonly problem: string; readonly column: number } | undefined {
  const [kind = ''] = fields;
  const words = WORDS[kind];
  if (words === undefined) {
    return { column: 1, problem: `a line starts with p (a right) or g (a role), not with '${kind}'` };
  }
  if (fields.length === words) return undefined;
  const shape = kind === 'p' ? 'p, subject, resource, action, object, allow or deny' : 'g, subject, role';
  return { column: 1, problem: `${fields.length - 1} fields behind ${kind} in place of ${words - 1}: ${shape}` };
}
