// YAML's scalars and collections by Go's rules, as Kubernetes tools read them: `no` and `on` are booleans, `0644` is octal,
// dates stay texts, tags that nobody knows say nothing, the last of two equal keys counts.

import * as yaml from 'js-yaml';

/** A text that Go would take for a date if it were not told otherwise. */
export const TIMESTAMP = /^\d{4}-\d{1,2}-\d{1,2}([Tt ]\d{1,2}:\d{1,2}:\d{1,2}(\.\d+)?(Z|[+-]\d\d:\d\d)?)?$/;

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
    if (!/^[-+\d]/.test(source)) return yaml.NOT_RESOLVED;
    const plain = source.replaceAll('_', '');
    const sign = plain.startsWith('-') ? -1 : 1;
    const digits = plain.replace(/^[+-]/, '').toLowerCase();
    if (/^(0|[1-9]\d*|0x[\da-f]+|0b[01]+|0o[0-7]+)$/.test(digits)) return sign * Number(digits);
    if (/^0[0-7]+$/.test(digits)) return sign * Number.parseInt(digits, 8);
    return yaml.NOT_RESOLVED;
  },
  identify: (value) => typeof value === 'number' && Number.isInteger(value) && !Object.is(value, -0),
});

const goFloat = yaml.defineScalarTag('tag:yaml.org,2002:float', {
  implicit: true,
  resolve: (source) => {
    if (/^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/.test(source)) {
      throw new yaml.YAMLException(`JSON has no number ${source}: put it in quotes`);
    }
    const plain = source.replaceAll('_', '');
    const isNumber = /^[-+.\d]/.test(source) && /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(plain);
    return isNumber && Number.isFinite(Number(plain)) ? Number(plain) : yaml.NOT_RESOLVED;
  },
  identify: (value) => typeof value === 'number',
});

const goTimestamp = yaml.defineScalarTag('tag:yaml.org,2002:timestamp', {
  resolve: (source) => (TIMESTAMP.test(source) ? source : yaml.NOT_RESOLVED),
  identify: () => false,
});

const goBinary = yaml.defineScalarTag('tag:yaml.org,2002:binary', {
  resolve: (source) => {
    const bytes = yaml.binaryTag.resolve(source, true, 'tag:yaml.org,2002:binary');
    return bytes === yaml.NOT_RESOLVED ? bytes : new TextDecoder().decode(bytes);
  },
  identify: () => false,
});

interface Mapping {
  readonly result: Record<string, unknown>;
  /** Keys that merges have brought: of several sources the first one counts. */
  merged?: Set<unknown>;
}

/** A key given twice has its last value, and a merge replaces what stands before it. */
const mapping: yaml.MappingTagOptions<Mapping, Record<string, unknown>> = {
  create: () => ({ result: {} }),
  addPair: ({ result }, key, value) => {
    if (key === null || typeof key === 'object')
      return `a key must be a text, not ${key === null ? 'null' : 'a list or map'}`;
    yaml.mapTag.addPair(result, key, value);
    return '';
  },
  // It is asked before a key is merged, or before any key where each may be given only once.
  has: (carrier, key) => {
    carrier.merged ??= new Set();
    if (carrier.merged.has(key)) return true;
    carrier.merged.add(key);
    return false;
  },
  keys: (result) => Object.keys(result),
  get: (result, key) => result[String(key)],
  finalize: ({ result }) => result,
  identify: yaml.mapTag.identify,
  represent: yaml.mapTag.represent,
};

/** Finished only at its end: what contains itself is refused. */
const sequence: yaml.SequenceTagOptions<{ readonly items: unknown[] }, unknown[]> = {
  create: () => ({ items: [] }),
  addItem: ({ items }, item) => {
    items.push(item);
  },
  finalize: ({ items }) => items,
  identify: Array.isArray,
};

const ANY_TAG = { matchByTagPrefix: true, identify: () => false } as const;

export const GO_SCHEMA = new yaml.Schema([
  yaml.nullYaml11Tag,
  goBool,
  goInt,
  goFloat,
  goTimestamp,
  goBinary,
  yaml.strTag,
  yaml.mergeTag,
  yaml.defineSequenceTag('tag:yaml.org,2002:seq', sequence),
  yaml.defineMappingTag('tag:yaml.org,2002:map', mapping),
  // A tag that nobody knows says nothing.
  yaml.defineScalarTag('', { ...ANY_TAG, resolve: (source) => source }),
  yaml.defineSequenceTag('', { ...sequence, ...ANY_TAG }),
  yaml.defineMappingTag('', { ...mapping, ...ANY_TAG }),
]);
