// Field selectors: 'metadata.name=web,status.phase!=Running'.

import { HawserError } from '../core/errors.ts';

export interface FieldRequirement {
  readonly field: string;
  readonly value: string;
  readonly equal: boolean;
}

/** The requirements of a field selector's text; throws `invalid` when it cannot be read. */
export function parseFieldSelector(text: string): FieldRequirement[] {
  return text
    .split(/(?<!\\),/)
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const match = /^([^=!]+?)(==|=|!=)(.*)$/s.exec(part.trim());
      if (!match) throw new HawserError('invalid', `invalid selector: '${text}'; can't understand '${part.trim()}'`);
      const value = (match[3] ?? '').replace(/\\([\\,=])/g, '$1');
      return { field: match[1] ?? '', value, equal: match[2] !== '!=' };
    });
}
