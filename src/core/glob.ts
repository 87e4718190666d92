/** Whether a text fits a glob of `*`, `?`, `[abc]` and `{a,b}`; `*` crosses every character but `separator`. */
export function matchesGlob(pattern: string, value: string, separator = ''): boolean {
  return globRegExp(pattern, separator).test(value);
}

const compiled = new Map<string, RegExp>();

function globRegExp(pattern: string, separator: string): RegExp {
  const key = `${separator} ${pattern}`;
  const cached = compiled.get(key);
  if (cached) return cached;
  const regex = new RegExp(`^${translate(pattern, separator)}$`, 's');
  compiled.set(key, regex);
  return regex;
}

function translate(pattern: string, separator: string): string {
  const any = separator === '' ? '.' : `[^${quote(separator)}]`;
  let source = '';
  let depth = 0;
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern.charAt(index);
    if (character === '*') {
      const twice = pattern.charAt(index + 1) === '*';
      source += twice ? '.*' : `${any}*`;
      if (twice) index += 1;
    } else if (character === '?') source += any;
    else if (character === '[') {
      const end = pattern.indexOf(']', index + 2);
      if (end < 0) source += '\\[';
      else {
        source += `[${pattern
          .slice(index + 1, end)
          .replace(/^!/, '^')
          .replaceAll('\\', '\\\\')}]`;
        index = end;
      }
    } else if (character === '{') {
      depth += 1;
      source += '(?:';
    } else if (character === '}' && depth > 0) {
      depth -= 1;
      source += ')';
    } else if (character === ',' && depth > 0) source += '|';
    else if (character === '\\' && index + 1 < pattern.length) {
      index += 1;
      source += quote(pattern.charAt(index));
    } else source += quote(character);
  }
  return depth === 0 ? source : quote(pattern);
}

const quote = (value: string): string => value.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
