// What lint found, for people and for programs.

import { type Finding, LINT_RULES, type LintRuleId, type LintSeverity } from '../model/lint.ts';
import type { Meaning, Style } from './style.ts';

export interface LintReport {
  /** What the paths of files count from. */
  readonly root: string;
  readonly files: number;
  /** Everything that was looked at. */
  readonly objects: readonly { readonly file: string; readonly object: string }[];
  readonly findings: readonly Finding[];
}

const MEANINGS = { error: 'bad', warning: 'warn', note: 'faint' } as const satisfies Record<LintSeverity, Meaning>;

const countOf = ({ findings }: LintReport, severity: LintSeverity): number =>
  findings.filter((finding) => finding.severity === severity).length;

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** '2 errors, 1 warning in 3 objects'. */
function lintSentence(report: LintReport): string {
  const counts = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const count = countOf(report, severity);
    return count > 0 ? [plural(count, severity)] : [];
  });
  return `${counts.length > 0 ? counts.join(', ') : 'no problems'} in ${plural(report.objects.length, 'object')}`;
}

/** A line for each finding as compilers write it, then how many there are. `pathOf` names a file for the reader. */
export function renderFindings(report: LintReport, style: Style, pathOf: (file: string) => string): string {
  const lines = report.findings.map(({ file, line, column, severity, message, rule, hint }) => {
    const head = `${style.heading(`${pathOf(file)}:${line}:${column}`)}: ${style[MEANINGS[severity]](severity)}: ${oneLine(message)} ${style.faint(`[${rule}]`)}\n`;
    return hint === undefined ? head : `${head}  ${style.faint('hint:')} ${oneLine(hint)}\n`;
  });
  return `${lines.join('')}${lintSentence(report)}\n`;
}

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ');

export function findingsDocument(report: LintReport): Record<string, unknown> {
  const { root, files, objects, findings } = report;
  const [errors, warnings, notes] = [countOf(report, 'error'), countOf(report, 'warning'), countOf(report, 'note')];
  return { root, files, objects: objects.length, errors, warnings, notes, findings };
}

const RULE_IDS = Object.keys(LINT_RULES).filter((id): id is LintRuleId => id in LINT_RULES);

/** SARIF 2.1.0, as code hosts read it. */
export function sarifDocument({ findings }: LintReport, version: string): Record<string, unknown> {
  const rules = RULE_IDS.map((id) => ({
    id,
    shortDescription: { text: LINT_RULES[id].text },
    defaultConfiguration: { level: LINT_RULES[id].severity },
  }));
  const results = findings.map(({ rule, severity, file, line, column, object, message, hint }) => ({
    ruleId: rule,
    ruleIndex: RULE_IDS.indexOf(rule),
    level: severity,
    message: {
      text: [object === '' ? message : `${object}: ${message}`, ...(hint === undefined ? [] : [hint])].join('\n'),
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' },
          region: { startLine: line, startColumn: column },
        },
      },
    ],
  }));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      { tool: { driver: { name: 'hawser', semanticVersion: version, rules } }, columnKind: 'utf16CodeUnits', results },
    ],
  };
}

/** JUnit: a suite a file, a case an object; what is only a note fails nothing. */
export function renderJunit({ objects, findings }: LintReport): string {
  const files = [...new Set([...objects, ...findings].map(({ file }) => file))].sort();
  const suites = files.map((file) => {
    const cases = [
      ...new Set([...objects, ...findings].filter((one) => one.file === file).map(({ object }) => object)),
    ];
    const failed = cases.map((object) => ({
      object,
      faults: findings.filter((one) => one.file === file && one.object === object && one.severity !== 'note'),
    }));
    const failures = failed.filter(({ faults }) => faults.length > 0).length;
    const body = failed.map(({ object, faults }) => testCase(file, object, faults)).join('');
    return `  <testsuite name="${xml(file)}" tests="${cases.length}" failures="${failures}" errors="0">\n${body}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="hawser lint">\n${suites.join('')}</testsuites>\n`;
}

/** A case may fail only once: what else is wrong with the object stands in the same text. */
function testCase(file: string, object: string, faults: readonly Finding[]): string {
  const head = `    <testcase classname="${xml(file)}" name="${xml(object || file)}"`;
  const [first] = faults;
  if (!first) return `${head}/>\n`;
  const text = faults
    .map(
      ({ line, severity, message, rule, hint }) =>
        `${file}:${line}: ${severity}: ${message} [${rule}]${hint === undefined ? '' : `\n  hint: ${hint}`}`,
    )
    .join('\n');
  return `${head}>\n      <failure type="${first.rule}" message="${xml(first.message)}">${xml(text)}</failure>\n    </testcase>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML has no way to write most control characters. */
const xml = (text: string): string =>
  text
    .replace(/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"]/g, (mark) => ENTITIES[mark] ?? mark);
