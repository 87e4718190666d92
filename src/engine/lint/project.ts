// What is wrong with the spec of an AppProject by itself.

import { parseCron } from '../../core/cron.ts';
import { messageOf } from '../../core/errors.ts';
import { isObject, type Json, type JsonObject, listAt, textAt } from '../../core/json.ts';
import { parseDuration } from '../../core/time.ts';
import { type Fault, pathText } from '../../model/lint.ts';

export function projectFaults(name: string, spec: JsonObject): Fault[] {
  return [
    ...listAt(spec, 'syncWindows').flatMap((window, index) => windowFaults(window, ['spec', 'syncWindows', index])),
    ...listAt(spec, 'roles').flatMap((role, index) => roleFaults(name, role, ['spec', 'roles', index])),
  ];
}

function windowFaults(window: Json, path: Fault['path']): Fault[] {
  if (!isObject(window)) return [];
  const fault = (field: string, message: string, hint?: string): Fault => ({
    rule: 'invalid-sync-window',
    path: [...path, field],
    message: `${pathText([...path, field])}: ${message}`,
    hint,
  });
  const { kind } = window;
  const kinds =
    kind === 'allow' || kind === 'deny' ? [] : [fault('kind', `'${String(kind ?? '')}' is neither allow nor deny`)];
  return [...kinds, ...timeFaults(window, fault)];
}

/** What is no text has the wrong type, which is said elsewhere. */
function timeFaults(window: JsonObject, fault: (field: string, message: string, hint?: string) => Fault): Fault[] {
  const { schedule = '', duration = '', timeZone = '' } = window;
  const faults: Fault[] = [];
  if (typeof timeZone === 'string' && problemOf(() => parseCron('* * * * *', timeZone || 'UTC')) !== undefined)
    faults.push(fault('timeZone', `there is no time zone '${timeZone}'`, 'write it like Europe/Berlin'));
  const problem = typeof schedule === 'string' ? problemOf(() => parseCron(schedule)) : undefined;
  if (problem !== undefined) faults.push(fault('schedule', problem, 'write it like 0 22 * * *'));
  if (typeof duration === 'string' && problemOf(() => parseDuration(duration)) !== undefined)
    faults.push(fault('duration', `'${duration}' is not a duration`, 'write it like 30m or 8h'));
  return faults;
}

function problemOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

/** 'p, proj:NAME:ROLE, RESOURCE, ACTION, NAME/*, allow' */
function roleFaults(project: string, role: Json, path: Fault['path']): Fault[] {
  const name = textAt(role, 'name');
  return listAt(role, 'policies').flatMap((policy, index): Fault[] => {
    if (typeof policy !== 'string' || policy.trim() === '') return [];
    const parts = policy.split(',').map((part) => part.trim());
    const [type, subject = '', , , , effect = ''] = parts;
    const at = [...path, 'policies', index];
    const expected = `proj:${project}:${name}`;
    const hint = `write it like p, ${expected}, applications, get, ${project}/*, allow`;
    if (type !== 'p' || parts.length !== 6 || (effect !== 'allow' && effect !== 'deny'))
      return [{ rule: 'invalid-policy', path: at, message: `'${policy}' is not a policy`, hint }];
    if (subject === expected) return [];
    return [
      { rule: 'invalid-policy', path: at, message: `the policy is for '${subject}', not for '${expected}'`, hint },
    ];
  });
}
