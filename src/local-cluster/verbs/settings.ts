// The options of a write, from its query.

import type { JsonObject } from '../../core/json.ts';
import type { ResourceRequest, WriteSettings } from '../api.ts';
import { mediaType } from '../body.ts';
import { type Cause, forbiddenField, invalidOptions, invalidValue, required, unsupported } from '../status.ts';

type OptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions';

export function writeSettings(call: ResourceRequest, optionsKind: OptionsKind): WriteSettings {
  const { query } = call.request;
  const dryRun = query.getAll('dryRun');
  const validation = query.get('fieldValidation') ?? '';
  const wrong = [
    ...(optionsKind === 'DeleteOptions' ? [] : managerFaults(call, optionsKind)),
    ...(optionsKind !== 'DeleteOptions' && dryRun.some((value) => value !== 'All')
      ? [unsupported('dryRun', dryRun, ['All'])]
      : []),
    ...(optionsKind === 'DeleteOptions' || validation === '' || FIELD_VALIDATION.includes(validation)
      ? []
      : [unsupported('fieldValidation', validation, FIELD_VALIDATION)]),
  ];
  if (wrong.length > 0) throw invalidOptions(optionsKind, wrong);
  return {
    dryRun: dryRun.length > 0,
    manager: query.get('fieldManager') || agentName(call.request.headers['user-agent'] ?? ''),
    subresource: call.path.subresource,
    operation: 'Update',
    user: call.user,
    ...(optionsKind === 'PatchOptions' ? { isPatch: true } : {}),
    options: optionsOf(query),
    ...(call.warn ? { warn: call.warn } : {}),
    validation: validation === 'Ignore' || validation === 'Strict' ? validation : 'Warn',
  };
}

/** The options of a write that the query names, as admission hears of them. */
const optionsOf = (query: URLSearchParams): JsonObject =>
  Object.fromEntries(
    ['fieldManager', 'fieldValidation'].flatMap((name) => {
      const value = query.get(name) ?? '';
      return value === '' ? [] : [[name, value]];
    }),
  );

function managerFaults({ request }: ResourceRequest, optionsKind: OptionsKind): Cause[] {
  const manager = request.query.get('fieldManager') ?? '';
  const isApply = optionsKind === 'PatchOptions' && mediaType(request) === 'application/apply-patch+yaml';
  const unprintable = [...manager].findIndex((character) => !isPrintable(character));
  const message = `may not be more than ${LONGEST_MANAGER} bytes`;
  return [
    ...(isApply && manager === '' ? [required('fieldManager', 'is required for apply patch')] : []),
    ...(!isApply && optionsKind === 'PatchOptions' && request.query.has('force')
      ? [forbiddenField('force', 'may not be specified for non-apply patch')]
      : []),
    ...(manager.length > LONGEST_MANAGER
      ? [{ field: 'fieldManager', reason: 'FieldValueTooLong', message } as const]
      : []),
    ...(unprintable >= 0 ? [unprintableManager(manager, unprintable)] : []),
  ];
}

/** What Go's unicode.IsPrint takes: letters, marks, numbers, punctuation, symbols, the space. */
const isPrintable = (character: string): boolean => /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character);

function unprintableManager(manager: string, at: number): Cause {
  const code = [...manager][at]?.codePointAt(0) ?? 0;
  const digits = code.toString(16).toUpperCase().padStart(4, '0');
  return invalidValue('fieldManager', manager, `invalid character U+${digits} (at position ${at})`);
}

const LONGEST_MANAGER = 128;
const FIELD_VALIDATION = ['', 'Ignore', 'Strict', 'Warn'];

/** Who does not name a field manager is known by the first word of its user agent. */
function agentName(agent: string): string {
  return agent.split('/')[0]?.slice(0, 128) || 'unknown';
}
