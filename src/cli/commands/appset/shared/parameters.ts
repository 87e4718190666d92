import type { ApplicationSet } from '../../../../model/application-set.ts';
import type { View } from '../../../../render/view.ts';

/** The Helm parameters of the template, after a line that sets them apart. */
export function parametersText({ spec }: ApplicationSet, { style, table }: View): string {
  const parameters = spec.template.spec.source?.helm?.parameters ?? [];
  if (parameters.length === 0) return '\n';
  const rows = parameters.map(({ name = '', value = '' }) => [name, value]);
  return `\n${table({ head: ['NAME', 'VALUE'], rows }, style)}`;
}
