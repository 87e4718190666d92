// Sync options are compared as they stand: one that is misspelled does nothing, and nobody says so.

import type { Json } from '../../core/json.ts';
import { nearest } from '../../core/nearest.ts';
import type { Fault } from '../../model/lint.ts';

const SWITCH = ['true', 'false'];
const CONFIRMED = ['true', 'false', 'confirm'];

const VALUES: Readonly<Record<string, readonly string[]>> = {
  ApplyOutOfSyncOnly: SWITCH,
  ClientSideApplyMigration: SWITCH,
  CreateNamespace: SWITCH,
  Delete: CONFIRMED,
  FailOnSharedResource: SWITCH,
  Force: SWITCH,
  Prune: CONFIRMED,
  PruneLast: SWITCH,
  PrunePropagationPolicy: ['background', 'foreground', 'orphan'],
  Replace: SWITCH,
  RespectIgnoreDifferences: SWITCH,
  ServerSideApply: SWITCH,
  SkipDryRunOnMissingResource: SWITCH,
  Validate: SWITCH,
};

export function syncOptionFaults(options: readonly Json[], path: Fault['path']): Fault[] {
  return options.flatMap((option, index): Fault[] => {
    const problem = typeof option === 'string' ? syncOptionProblem(option) : undefined;
    return problem ? [{ rule: 'unknown-sync-option', path: [...path, index], ...problem }] : [];
  });
}

/** What is wrong with one option; a template is not judged. */
export function syncOptionProblem(option: string): Pick<Fault, 'message' | 'hint'> | undefined {
  if (option.includes('{{')) return undefined;
  const equals = option.indexOf('=');
  const [name, value] = equals < 0 ? [option, undefined] : [option.slice(0, equals), option.slice(equals + 1)];
  const values = VALUES[name];
  if (values === undefined) {
    const [near] = nearest(name, Object.keys(VALUES));
    const hint =
      near === undefined
        ? `valid options: ${Object.keys(VALUES).join(', ')}`
        : `did you mean '${near}=${value ?? 'true'}'?`;
    return { message: `there is no sync option '${option}'`, hint };
  }
  if (value !== undefined && values.includes(value)) return undefined;
  return {
    message: `the sync option '${option}' does nothing`,
    hint: `valid values: ${values.map((one) => `${name}=${one}`).join(', ')}`,
  };
}
