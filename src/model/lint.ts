// What lint looks for, and what it finds.

import type { JsonObject } from '../core/json.ts';
import type { Application } from './application.ts';

export type LintSeverity = 'error' | 'warning' | 'note';

interface LintRule {
  readonly severity: LintSeverity;
  readonly text: string;
}

export const LINT_RULES = {
  'yaml-syntax': { severity: 'error', text: 'The file is not valid YAML.' },
  'duplicate-key': { severity: 'error', text: 'A map has a key twice; only the last one counts.' },
  'unknown-version': { severity: 'error', text: 'The apiVersion is not argoproj.io/v1alpha1.' },
  'invalid-name': { severity: 'error', text: 'metadata.name is missing or is not a valid Kubernetes name.' },
  'unknown-field': { severity: 'error', text: 'A field does not exist; Argo CD ignores or refuses it.' },
  'wrong-type': { severity: 'error', text: 'A value has the wrong type.' },
  'missing-field': { severity: 'error', text: 'A required field is missing.' },
  'deprecated-field': { severity: 'warning', text: 'A field is deprecated.' },
  'destination-missing': { severity: 'error', text: 'The destination names neither a server nor a cluster.' },
  'destination-ambiguous': { severity: 'error', text: 'The destination names both a server and a cluster.' },
  'source-missing': {
    severity: 'error',
    text: 'The application has no source, or a source has neither a path nor a chart.',
  },
  'source-ignored': { severity: 'warning', text: 'spec.source is ignored because spec.sources is set.' },
  'source-types': {
    severity: 'error',
    text: 'A source has options of more than one of Helm, Kustomize, directory and plugin.',
  },
  'path-outside': { severity: 'error', text: 'A path is absolute or leaves the repository.' },
  'chart-version': { severity: 'error', text: 'A chart has no version (targetRevision).' },
  'unknown-ref': { severity: 'error', text: 'A values file refers to a source that does not exist.' },
  'unknown-sync-option': {
    severity: 'error',
    text: 'A sync option does not exist, or has a value that it does not take.',
  },
  'invalid-duration': { severity: 'error', text: 'A duration cannot be read.' },
  'invalid-sync-window': {
    severity: 'error',
    text: 'A sync window has an invalid kind, schedule, duration or time zone.',
  },
  'invalid-policy': { severity: 'error', text: 'A policy of a project role cannot be read or is for another role.' },
  'duplicate-name': { severity: 'error', text: 'Two objects of the same kind have the same name and namespace.' },
  'duplicate-resource': { severity: 'warning', text: 'Two applications deploy the same resource to the same cluster.' },
  'unknown-project': { severity: 'warning', text: 'The project is not among the linted files.' },
  'project-source': { severity: 'error', text: 'The project does not permit the repository.' },
  'project-destination': { severity: 'error', text: 'The project does not permit the destination.' },
  'project-namespace': { severity: 'error', text: 'The project does not permit applications in this namespace.' },
  'project-kind': { severity: 'error', text: 'The project does not permit a kind that the application deploys.' },
  'no-generators': { severity: 'error', text: 'An ApplicationSet has no generators.' },
  'render-failed': { severity: 'error', text: 'The sources of an application cannot be rendered.' },
  'render-empty': { severity: 'warning', text: 'The sources of an application render to nothing.' },
  'render-nameless': { severity: 'error', text: 'A rendered object has no name.' },
  'not-rendered': { severity: 'note', text: 'The sources of an application were not rendered.' },
} as const satisfies Readonly<Record<string, LintRule>>;

export type LintRuleId = keyof typeof LINT_RULES;

export interface Finding {
  readonly rule: LintRuleId;
  readonly severity: LintSeverity;
  /** From the root of what was linted, with slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** 'Application argocd/web'; '' for a file as a whole. */
  readonly object: string;
  readonly message: string;
  readonly hint?: string;
}

/** An object of Argo CD as it stands in a file. */
export interface LintedDocument {
  readonly kind: 'Application' | 'AppProject' | 'ApplicationSet';
  readonly file: string;
  readonly document: JsonObject;
  /** Of an Application that can be read. */
  readonly application?: Application;
  /** A finding at a path of the document, in the words of a rule. */
  finding(fault: Fault): Finding;
}

export interface Fault {
  readonly rule: LintRuleId;
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly hint?: string | undefined;
}

/** 'spec.sources[0].path' */
export const pathText = (path: Fault['path']): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
