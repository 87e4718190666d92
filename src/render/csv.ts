import { type Table, textOf } from './table.ts';

/** A table as comma-separated values (RFC 4180, lines ended by a line feed). */
export function renderCsv({ head, rows }: Table): string {
  const lines = head.length > 0 ? [head, ...rows] : rows;
  return lines.map((row) => `${row.map((cell) => quote(textOf(cell))).join(',')}\n`).join('');
}

const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
