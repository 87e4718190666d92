// The one door to js-yaml. Its default schema is YAML 1.2; Kubernetes tools read YAML by Go's rules, so the scalars are
// resolved by a schema that gives Go's answers (`no` and `on` are booleans, `0644` is octal, dates stay texts).

import * as yaml from 'js-yaml';
import { HawserError } from './errors.ts';
import type { Json } from './json.ts';
import { indentedByFour } from './yaml-indent.ts';

const goBool = yaml.defineScalarTag('tag:yaml.org,2002:bool', {
  implicit: true,
  resolve: (source) => {
    if (/^(y|Y|yes|Yes|YES|on|On|ON|true|True|TRUE)$/.test(source)) return true;
    if (/^(n|N|no|No|NO|off|Off|OFF|false|False|FALSE)$/.test(source)) return false;
    return yaml.NOT_RESOLVED;
  },
  identify: (value) => typeof value === 'boolean',
});

const goInt = yaml.defineScalarTag('tag:yaml.org,2002:int', {
  implicit: true,
  resolve: (source) => {
    const plain = source.replaceAll('_', '');
    const sign = plain.startsWith('-') ? -1 : 1;
    const digits = plain.replace(/^[+-]/, '');
    if (/^(0|[1-9]\d*)$/.test(digits)) return sign * Number(digits);
    if (/^0x[\da-fA-F]+$/.test(digits) || /^0b[01]+$/.test(digits) || /^0o[0-7]+$/.test(digits))
      return sign * Number(digits);
    if (/^0[0-7]+$/.test(digits)) return sign * Number.parseInt(digits, 8);
    return yaml.NOT_RESOLVED;
  },
  identify: (value) => typeof value === 'number' && Number.isInteger(value) && !Object.is(value, -0),
});

const goFloat = yaml.defineScalarTag('tag:yaml.org,2002:float', {
  implicit: true,
  resolve: (source) => {
    const plain = source.replaceAll('_', '');
    if (/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(plain)) return Number(plain);
    return yaml.NOT_RESOLVED;
  },
  identify: (value) => typeof value === 'number',
});

const GO_SCHEMA = new yaml.Schema([
  yaml.nullYaml11Tag,
  goBool,
  goInt,
  goFloat,
  yaml.strTag,
  yaml.mergeTag,
  yaml.seqTag,
  yaml.mapTag,
]);

/** Every document of a YAML text; JSON is YAML too, and read faster. Throws `invalid` with `name:line`. */
export function parseYamlDocuments(source: string, name: string): unknown[] {
  if (source.startsWith('{')) {
    try {
      return [JSON.parse(source)];
    } catch {
      // Flow-style YAML starts the same way: the YAML parser says what is wrong with it.
    }
  }
  try {
    return yaml.loadAll(source, { schema: GO_SCHEMA, filename: name });
  } catch (thrown) {
    throw brokenYaml(thrown, name);
  }
}

/** The first document of a YAML text, null for an empty one. */
export function parseYaml(source: string, name: string): unknown {
  return parseYamlDocuments(source, name)[0] ?? null;
}

export interface YamlFormat {
  readonly sortKeys?: boolean;
  /** By four spaces a level, as Go's second writer. */
  readonly wide?: boolean;
}

/** YAML as `kubectl` and the reference write it: two spaces, lists at their key's indent, long lines unbroken. */
export function formatYaml(value: Json | unknown, options: YamlFormat = {}): string {
  const plain: unknown = JSON.parse(JSON.stringify(value));
  const text = yaml.dump(options.sortKeys ? sorted(plain) : plain, {
    schema: GO_SCHEMA,
    lineWidth: -1,
    noRefs: true,
    seqNoIndent: !options.wide,
    scalarStyleRules: [doubleQuoteOtherTypes, ...Object.values(yaml.DEFAULT_SCALAR_STYLE_RULES)],
  });
  return options.wide ? indentedByFour(text) : text;
}

const TIMESTAMP = /^\d{4}-\d{1,2}-\d{1,2}([Tt ]\d{1,2}:\d{1,2}:\d{1,2}(\.\d+)?(Z|[+-]\d\d:\d\d)?)?$/;
const BASE_60 = /^[-+]?\d[\d_]*(:[0-5]?\d)+(\.[\d_]*)?$/;

/** Go's writer puts a text that another type could be read from into double quotes, and into single ones what is no plain text. */
function doubleQuoteOtherTypes(layout: yaml.ScalarLayout): void {
  const { node, style } = layout;
  if (style !== yaml.SCALAR_STYLE.PLAIN || node.tag !== yaml.strTag.tagName) return;
  const { tag } = GO_SCHEMA.resolveImplicitScalarTag(node.value);
  const isOther = tag.tagName !== yaml.strTag.tagName || TIMESTAMP.test(node.value) || BASE_60.test(node.value);
  if (isOther) layout.style = yaml.SCALAR_STYLE.DOUBLE_QUOTED;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

function brokenYaml(thrown: unknown, name: string): HawserError {
  if (!(thrown instanceof yaml.YAMLException))
    return new HawserError('invalid', `${name}: broken YAML`, { cause: thrown });
  const line = thrown.mark === undefined ? '' : `:${thrown.mark.line + 1}`;
  return new HawserError('invalid', `${name}${line}: broken YAML: ${thrown.reason}`, {
    hint: 'mend that line and commit: YAML is indented with spaces, siblings by the same number',
    cause: thrown,
  });
}
