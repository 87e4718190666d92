// Rules of roles as a line each: groups; resources; verbs; names. Without a group a rule is about paths.

import type { JsonObject } from '../../core/json.ts';

export function readRule(text: string): JsonObject {
  const [groups = '', targets = '', verbs = '', names = ''] = text.split(';').map((part) => part.trim());
  if (groups === '') return { nonResourceURLs: targets.split(' '), verbs: verbs.split(' ') };
  return {
    apiGroups: groups.split(' ').map((group) => (group === 'core' ? '' : group)),
    resources: targets.split(' '),
    verbs: verbs.split(' '),
    ...(names === '' ? {} : { resourceNames: names.split(' ') }),
  };
}
