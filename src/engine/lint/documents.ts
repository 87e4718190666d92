// The objects of Argo CD in a set of files, and what is wrong with each by itself and beside the others.

import { HawserError } from '../../core/errors.ts';
import { isList, isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { fits } from '../../core/shape.ts';
import { parseYamlDocuments } from '../../core/yaml.ts';
import { type YamlPositions, yamlPositions } from '../../core/yaml-positions.ts';
import { application } from '../../model/application.ts';
import { type Fault, type Finding, LINT_RULES, type LintedDocument } from '../../model/lint.ts';
import { applicationFaults } from './application.ts';
import { fieldFaults, unknownField, wrongType } from './fields.ts';
import { projectFindings } from './permissions.ts';
import { projectFaults } from './project.ts';

export interface LintedFiles {
  readonly documents: readonly LintedDocument[];
  readonly findings: readonly Finding[];
}

export interface FileText {
  readonly path: string;
  readonly text: string;
}

const KINDS = ['Application', 'AppProject', 'ApplicationSet'] as const;
type Kind = (typeof KINDS)[number];

const MENTIONS = /\bkind["']?\s*:\s*["']?(Application|AppProject|ApplicationSet)(List)?\b/;

/** Whether a file holds what is looked at: it may hold anything else. */
const concernsLint = (text: string): boolean => text.includes('argoproj.io') && MENTIONS.test(text);

export function lintDocuments(files: readonly FileText[]): LintedFiles {
  const documents: LintedDocument[] = [];
  const findings: Finding[] = [];
  for (const { path, text } of files.filter((file) => concernsLint(file.text))) {
    const read = readFile(path, text);
    documents.push(...read.documents);
    findings.push(...read.findings);
  }
  return { documents, findings: [...findings, ...duplicates(documents), ...projectFindings(documents)] };
}

function readFile(path: string, text: string): LintedFiles {
  let values: unknown[];
  let positions: YamlPositions;
  try {
    values = parseYamlDocuments(text, path);
    positions = yamlPositions(text);
  } catch (thrown) {
    return { documents: [], findings: [syntaxFinding(path, thrown)] };
  }
  const repeated = positions.repeated.map(({ key, position }) => ({
    ...findingAt(path, '', { rule: 'duplicate-key', path: [], message: `the key '${key}' stands twice in one map` }),
    ...position,
  }));
  const read = values.flatMap((value, index) => documentsOf(value, [], { path, positions, index }));
  return {
    documents: read.map(({ linted }) => linted),
    findings: [...repeated, ...read.flatMap(({ findings }) => findings)],
  };
}

function syntaxFinding(file: string, thrown: unknown): Finding {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const [, line] = new RegExp(`^${file.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}:(\\d+)`).exec(message) ?? [];
  const finding = findingAt(file, '', {
    rule: 'yaml-syntax',
    path: [],
    message: message.replace(/^.*?: broken YAML: /, ''),
    hint: thrown instanceof HawserError ? thrown.hint : undefined,
  });
  return { ...finding, line: Number(line ?? 1) };
}

interface FileContext {
  readonly path: string;
  readonly positions: YamlPositions;
  /** Of the YAML document in the file. */
  readonly index: number;
}

interface ReadDocument {
  readonly linted: LintedDocument;
  readonly findings: readonly Finding[];
}

/** A list of objects is taken apart; what is not of Argo CD is passed over. */
function documentsOf(value: unknown, at: Fault['path'], file: FileContext): ReadDocument[] {
  if (!isObject(value)) return [];
  if (textAt(value, 'kind').endsWith('List') && isList(value['items']))
    return listAt(value, 'items').flatMap((item, index) => documentsOf(item, [...at, 'items', index], file));
  const kind = KINDS.find((name) => name === value['kind']);
  if (!kind || !textAt(value, 'apiVersion').startsWith('argoproj.io/')) return [];
  const { namespace, name } = {
    namespace: textAt(value, 'metadata', 'namespace'),
    name: textAt(value, 'metadata', 'name'),
  };
  const object = `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
  const finding = (fault: Fault): Finding => ({
    ...findingAt(file.path, object, fault),
    ...file.positions.at(file.index, [...at, ...fault.path]),
  });
  const filled = { ...value, metadata: value['metadata'] };
  const app = kind === 'Application' && fits(application, filled) ? { application: filled } : {};
  const linted = { kind, file: file.path, document: value, ...app, finding };
  return [{ linted, findings: faultsOf(kind, value).map(finding) }];
}

const findingAt = (file: string, object: string, { rule, message, hint }: Fault): Finding => ({
  rule,
  severity: LINT_RULES[rule].severity,
  file,
  line: 1,
  column: 1,
  object,
  message,
  ...(hint === undefined ? {} : { hint }),
});

const TOP_FIELDS = {
  Application: ['apiVersion', 'kind', 'metadata', 'spec', 'status', 'operation'],
  AppProject: ['apiVersion', 'kind', 'metadata', 'spec', 'status'],
  ApplicationSet: ['apiVersion', 'kind', 'metadata', 'spec', 'status'],
} as const satisfies Record<Kind, readonly string[]>;

function faultsOf(kind: Kind, document: JsonObject): Fault[] {
  const version = textAt(document, 'apiVersion');
  const faults: Fault[] = Object.keys(document)
    .filter((name) => !TOP_FIELDS[kind].some((known) => known === name))
    .map((name) => unknownField(name, [name], TOP_FIELDS[kind]));
  if (version !== 'argoproj.io/v1alpha1')
    faults.push({
      rule: 'unknown-version',
      path: ['apiVersion'],
      message: `there is no ${kind} of ${version}`,
      hint: 'write apiVersion: argoproj.io/v1alpha1',
    });
  return [...faults, ...metadataFaults(document), ...specFaults(kind, document)];
}

const NAME = /^[a-z\d]([-a-z\d]*[a-z\d])?(\.[a-z\d]([-a-z\d]*[a-z\d])?)*$/;

function metadataFaults(document: JsonObject): Fault[] {
  const { metadata } = document;
  const path = ['metadata', 'name'];
  if (!isObject(metadata)) return [{ rule: 'invalid-name', path: ['metadata'], message: 'metadata.name is missing' }];
  const { name, generateName } = metadata;
  const names = nameFaults(name ?? generateName, path);
  const texts = ['labels', 'annotations'].flatMap((field) =>
    fieldFaults({ value: metadata[field], type: '{}string', path: ['metadata', field] }),
  );
  return [
    ...names,
    ...texts,
    ...fieldFaults({ value: metadata['finalizers'], type: '[]string', path: ['metadata', 'finalizers'] }),
  ];
}

function nameFaults(name: Json | undefined, path: Fault['path']): Fault[] {
  if (name === undefined || name === null || name === '')
    return [{ rule: 'invalid-name', path, message: 'metadata.name is missing' }];
  if (typeof name !== 'string') return [wrongType(name, 'a string', path)];
  if (name.includes('{{') || (NAME.test(name.replace(/-$/, '')) && name.length <= 253)) return [];
  return [
    {
      rule: 'invalid-name',
      path,
      message: `'${name}' is not a valid name`,
      hint: 'use lower-case letters, digits, - and .',
    },
  ];
}

function specFaults(kind: Kind, document: JsonObject): Fault[] {
  const { spec } = document;
  if (!isObject(spec)) {
    return spec === undefined || spec === null
      ? [{ rule: 'missing-field', path: [], message: 'spec is missing' }]
      : [wrongType(spec, 'a map', ['spec'])];
  }
  const fields = fieldFaults({ value: spec, type: `${kind}Spec`, path: ['spec'] });
  return [...fields, ...OWN_FAULTS[kind](document, spec)];
}

const OWN_FAULTS = {
  Application: (document, spec) => [
    ...applicationFaults(spec, ['spec']),
    ...fieldFaults({ value: document['operation'], type: 'Operation', path: ['operation'] }),
  ],
  AppProject: (document, spec) => projectFaults(textAt(document, 'metadata', 'name'), spec),
  ApplicationSet: (_document, spec) => setFaults(spec),
} as const satisfies Record<Kind, (document: JsonObject, spec: JsonObject) => Fault[]>;

function setFaults(spec: JsonObject): Fault[] {
  const { generators } = spec;
  const none: Fault[] =
    isList(generators) && generators.length === 0
      ? [{ rule: 'no-generators', path: ['spec', 'generators'], message: 'spec.generators is empty' }]
      : [];
  const template = objectAt(spec, 'template', 'spec');
  // A patch may bring what the template lacks.
  if (Object.keys(template).length === 0 || spec['templatePatch'] !== undefined) return none;
  return [...none, ...applicationFaults(template, ['spec', 'template', 'spec'])];
}

function duplicates(documents: readonly LintedDocument[]): Finding[] {
  const firsts = new Map<string, LintedDocument>();
  return documents.flatMap((linted) => {
    const { kind, document } = linted;
    const name = textAt(document, 'metadata', 'name');
    const namespace = textAt(document, 'metadata', 'namespace') || 'argocd';
    const key = `${kind} ${namespace}/${name}`;
    const first = firsts.get(key);
    if (name === '' || name.includes('{{')) return [];
    if (!first) {
      firsts.set(key, linted);
      return [];
    }
    const { line } = first.finding({ rule: 'duplicate-name', path: ['metadata', 'name'], message: '' });
    const message = `${key} is also in ${first.file}:${line}`;
    return [linted.finding({ rule: 'duplicate-name', path: ['metadata', 'name'], message })];
  });
}
