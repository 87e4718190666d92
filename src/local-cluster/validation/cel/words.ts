// What goes wrong in an expression, in cel-go's words.

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/No such key/, 'no such key'],
  [/^no such key: index out of bounds, index (\d+).*/, 'index out of bounds: $1'],
  [/^modulo by zero/, 'modulus by zero'],
  [/^integer overflow: .*/, 'integer overflow'],
  [/^Unsigned integer overflow/, 'unsigned integer overflow'],
  [/^Invalid duration string: .*/, "type conversion error from 'string' to 'google.protobuf.Duration'"],
  [/^timestamp\(\) requires a string.*/, "type conversion error from 'string' to 'google.protobuf.Timestamp'"],
  [/^bool\(\) conversion error: .*/, "type conversion error from 'string' to 'bool'"],
  [/^Optional value is not present/, 'optional.none() dereference'],
];

/** The first line of an error, as cel-go tells it. */
export function goWords(thrown: unknown): string {
  const [line = ''] = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n');
  return WORDS.reduce((text, [form, words]) => text.replace(form, words), line);
}
