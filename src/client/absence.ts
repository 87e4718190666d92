// Argo CD answers 403 both to "not allowed" and to "no such application". Which of them it was shows in the list of the
// applications that the caller may see.

import { sentFields } from '../api/application-fields.ts';
import { listApplications } from '../api/applications.ts';
import type { HawserError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { nearest } from '../core/nearest.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { Call } from './call.ts';

/** The fields in which calls name an application, by how their paths begin. */
const NAME_FIELDS: readonly (readonly [path: string, fields: readonly string[]])[] = [
  ['/api/v1/applications/{', ['name', 'applicationName', 'application.metadata.name']],
  ['/api/hawser/audit', ['app']],
];

/** The application that a call is about, where it names one. */
export function namedApplication(path: string, input: unknown): string | undefined {
  const [, fields = []] = NAME_FIELDS.find(([start]) => path.startsWith(start)) ?? [];
  if (!isObject(input)) return undefined;
  for (const field of fields) {
    const name = input[field];
    if (typeof name === 'string') return name;
  }
  return undefined;
}

/**
 * A refusal told apart: of one application, whether it is absent (with near names) or there but not allowed; of anything, the
 * permission that is missing, where the server names it.
 */
export async function tellAbsence(refusal: HawserError, name: string | undefined, call: Call): Promise<HawserError> {
  const permission = missingPermission(refusal);
  // The server names it to those alone who may see the application.
  if (permission !== undefined || name === undefined) return notAllowed(refusal, name, permission);
  if (refusal.code === 'not-found' && refusal.reason?.kind !== 'no-application') return refusal;
  let names: string[];
  try {
    const answer = await call(listApplications, { fields: sentFields() });
    names = (answer.items ?? []).map((app) => app.metadata.name);
  } catch {
    return refusal;
  }
  if (refusal.code === 'not-allowed' && names.includes(name)) return notAllowed(refusal, name, undefined);
  const near = nearest(name, names);
  const hint = near.length > 0 ? `did you mean ${near.map((name) => `'${name}'`).join(' or ')}?` : 'hawser app list';
  return refusal.with({
    code: 'not-found',
    message: `application '${name}' not found`,
    hint,
    details: { application: name, near },
  });
}

/** 'create on applications default/shop'. */
function missingPermission({ code, reason }: HawserError): string | undefined {
  if (code !== 'not-allowed' || reason?.kind !== 'missing-permission') return undefined;
  return `${reason.action} on ${reason.resource} ${reason.object}`;
}

function notAllowed(refusal: HawserError, name: string | undefined, permission: string | undefined): HawserError {
  if (refusal.code !== 'not-allowed' || (name === undefined && permission === undefined)) return refusal;
  const what = name === undefined ? 'not allowed' : `not allowed to do this to application '${name}'`;
  const missing = permission === undefined ? '' : `: the permission ${permission} is missing`;
  return refusal.with({
    message: what + missing,
    hint: 'ask for the permission, or log in as someone else: hawser account get-user-info',
    details: omitUndefined({ application: name }),
  });
}
