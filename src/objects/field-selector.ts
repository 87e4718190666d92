// Field selectors: 'metadata.name=web,status.phase!=Running'.

import { HawserError } from '../core/errors.ts';

export interface FieldRequirement {
  readonly field: string;
  readonly value: string;
  readonly equal: boolean;
}

/** The requirements of a field selector's text, in the order of their texts; throws `invalid` when it cannot be read. */
export function parseFieldSelector(text: string): FieldRequirement[] {
  const parts = text.match(/(?:\\.|[^\\,]|\\$)+/gs) ?? [];
  return parts.sort().map((part) => {
    const match = /^(.*?)(==|!=|=)(.*)$/s.exec(part);
    if (!match) throw new HawserError('invalid', `invalid selector: '${text}'; can't understand '${part}'`);
    return { field: match[1] ?? '', value: unescaped(match[3] ?? ''), equal: match[2] !== '!=' };
  });
}

function unescaped(text: string): string {
  return text.replace(/\\(.?)|[,=]/gsu, (found, next?: string) => {
    if (next !== undefined && /^[\\,=]$/.test(next)) return next;
    throw new HawserError(
      'invalid',
      `invalid field selector: ${found.startsWith('\\') ? `invalid escape sequence: ${found}` : `unescaped character in value: ${found.codePointAt(0) ?? 0}`}`,
    );
  });
}
