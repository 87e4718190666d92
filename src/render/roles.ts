// Roles of a project and their tokens.

import type { Project, ProjectRole, RoleToken } from '../model/project.ts';
import { type Table, textOf } from './table.ts';
import { relativeTime, zonedTime } from './times.ts';
import type { View } from './view.ts';
import { widthOf } from './width.ts';

export const roleTable = (roles: readonly ProjectRole[]): Table => ({
  head: ['ROLE-NAME', 'DESCRIPTION'],
  rows: roles.map(({ name, description = '' }) => [name, description]),
});

/** What a role may without being told, and what its lines say. */
function policiesOf({ name, policies, groups }: ProjectRole, project: string): string[] {
  const subject = `proj:${project}:${name}`;
  return [
    `p, ${subject}, projects, get, ${project}, allow`,
    ...(policies ?? []),
    ...(groups ?? []).map((group) => `g, ${group}, ${subject}`),
  ];
}

/** A role in full. The reference shows the policies of all roles beside it. */
export function roleText(project: Project, role: ProjectRole, view: View): string {
  const { metadata, spec, status } = project;
  const shown = view.facts === 'reference' ? (spec.roles ?? []) : [role];
  const groups = role.groups?.length ? role.groups.map((group) => `  - ${group}`) : ['<none>'];
  const tokens = status?.jwtTokensByRole?.[role.name]?.items ?? role.jwtTokens ?? [];
  return [
    `Role Name:     ${role.name}`,
    `Description:   ${role.description ?? ''}`,
    'Policies:',
    ...shown.flatMap((other) => policiesOf(other, metadata.name)),
    'Groups:',
    ...groups,
    'JWT Tokens:',
    view.table(roleTokenTable(tokens, view.now), view.style),
  ].join('\n');
}

function roleTokenTable(tokens: readonly RoleToken[], now: number): Table {
  const time = (seconds: number): string => `${zonedTime(seconds * 1000)} (${relativeTime(seconds * 1000, now)})`;
  return {
    head: ['ID', 'ISSUED-AT', 'EXPIRES-AT'],
    rows: tokens.map(({ iat, exp }) => [String(iat), time(iat), exp ? time(exp) : '<none>']),
  };
}

/** The tokens of a role, the latest first. */
export function tokenTable(tokens: readonly RoleToken[], unixtime: boolean): Table {
  const time = (seconds: number): string => (unixtime ? String(seconds) : zonedTime(seconds * 1000));
  const never = unixtime ? '0' : 'Never';
  return {
    head: ['ID', 'ISSUED AT', 'EXPIRES AT'],
    rows: [...tokens]
      .sort((a, b) => b.iat - a.iat)
      .map(({ id = '', iat, exp }) => [id, time(iat), exp ? time(exp) : never]),
  };
}

/** Columns so many blanks apart. */
export function spacedColumns({ head, rows }: Table, gap: number): string {
  const lines = [head, ...rows].map((row) => row.map(textOf));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => widthOf(line[column] ?? ''))));
  const pad = (text: string, column: number): string => text + ' '.repeat((widths[column] ?? 0) - widthOf(text) + gap);
  return lines.map((line) => `${line.slice(0, -1).map(pad).join('')}${line.at(-1) ?? ''}\n`).join('');
}
