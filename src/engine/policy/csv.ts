// One line of CSV as Go reads it with leading blanks left out: what is in quotes may hold commas.

export type CsvLine =
  | { readonly fields: readonly string[] }
  | { readonly problem: string /** Counted from 1. */; readonly column: number };

export function readCsvLine(line: string): CsvLine {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    at += leadingBlanks(line, at);
    const field = line.charAt(at) === '"' ? quotedField(line, at) : bareField(line, at);
    if ('problem' in field) return field;
    fields.push(field.text);
    if (field.end >= line.length) return { fields };
    at = field.end + 1;
  }
}

type Field =
  | { readonly text: string /** Of the comma behind it, or of the line. */; readonly end: number }
  | { readonly problem: string; readonly column: number };

const leadingBlanks = (line: string, from: number): number => /^\s*/.exec(line.slice(from))?.[0].length ?? 0;

function bareField(line: string, from: number): Field {
  const comma = line.indexOf(',', from);
  const end = comma < 0 ? line.length : comma;
  const text = line.slice(from, end);
  const quote = text.indexOf('"');
  if (quote >= 0) return { problem: 'a quote inside a field that does not start with one', column: from + quote + 1 };
  return { text, end };
}

function quotedField(line: string, from: number): Field {
  let text = '';
  let at = from + 1;
  for (;;) {
    const quote = line.indexOf('"', at);
    if (quote < 0) return { problem: 'a quote that is not closed', column: from + 1 };
    text += line.slice(at, quote);
    const next = line.charAt(quote + 1);
    if (next === '"') {
      text += '"';
      at = quote + 2;
    } else if (next === '' || next === ',') return { text, end: quote + 1 };
    else return { problem: 'text behind a closing quote', column: quote + 2 };
  }
}
