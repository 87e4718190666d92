/** What HTML or a terminal would obey: signs of markup, control characters that JSON lets stand, marks that turn text around. */
const ESCAPED = /[<>&\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** JSON as the reference's clients print it: two spaces, and `<`, `>`, `&` escaped. */
export function formatJson(value: unknown, indent = 2): string {
  const text = JSON.stringify(value, undefined, indent) ?? 'null';
  return `${text.replace(ESCAPED, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}
