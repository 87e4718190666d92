import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { HawserError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { LINT_RULES } from '../../model/lint.ts';
import type { LintReport } from '../../render/findings.ts';
import type { Context } from '../context.ts';
import { defineCommand } from '../input/command.ts';
import type { Flag, OptionsOf } from '../input/flags.ts';
import { CLUSTER_FLAGS, clusterFacts } from '../offline/cluster-flags.ts';
import { lintPaths } from '../offline/lint.ts';
import { checkFormat, outputFlag, writeDocument } from '../output/document.ts';

const FLAGS = [
  { name: 'render', type: 'bool', default: true, summary: 'render the sources of applications' },
  { name: 'remote', type: 'bool', default: true, summary: 'also render sources of other repositories' },
  { name: 'disable', type: 'strings', value: 'rules', summary: 'rules to leave out, separated by commas' },
  ...CLUSTER_FLAGS,
  { ...outputFlag('table, json, yaml, sarif or junit'), default: 'table' },
] as const satisfies readonly Flag[];

export type LintOptions = OptionsOf<typeof FLAGS> & { readonly paths: readonly string[] };

export function lintCommand(context: Context, run = runLint): Command {
  return defineCommand(
    {
      name: 'lint',
      description:
        'Checks the Applications, AppProjects and ApplicationSets in files and folders, and renders what the Applications point at, without a server. Exits with 1 if there are errors or warnings.',
      arguments: ['[paths...]'],
      argumentSummaries: { paths: 'files and folders (default: the folder you are in)' },
      flags: FLAGS,
      examples: [
        { about: 'Check the folder you are in', line: 'hawser lint' },
        { about: 'Check one folder, and fetch no other repository', line: 'hawser lint apps --no-remote' },
        { about: 'Write a report for code scanning', line: 'hawser lint -o sarif' },
      ],
    },
    (options, paths) => run({ paths, ...options }, context),
  );
}

async function runLint(options: LintOptions, context: Context): Promise<void> {
  checkFormat(options.output, ['table', 'json', 'yaml', 'sarif', 'junit']);
  const { disable = [] } = options;
  refuseUnknown(disable);
  const { render: renders, remote: fetches } = options;
  const paths = options.paths.length > 0 ? options.paths : ['.'];
  const all = await context.offline((offline) =>
    lintPaths({ paths, renders, fetches }, { offline, cluster: clusterFacts(options) }),
  );
  const report = { ...all, findings: all.findings.filter(({ rule }) => !disable.includes(rule)) };
  await write(report, options.output, context);
  if (report.objects.length === 0 && report.findings.length === 0)
    context.say(`there is no Application, AppProject or ApplicationSet in ${paths.join(', ')}`);
  if (report.findings.some(({ severity }) => severity !== 'note'))
    throw new HawserError('differs', 'there are problems');
}

function refuseUnknown(rules: readonly string[]): void {
  const names = Object.keys(LINT_RULES);
  const unknown = rules.find((rule) => !names.includes(rule));
  if (unknown === undefined) return;
  const [near] = nearest(unknown, names);
  throw new HawserError('usage', `there is no rule '${unknown}'`, {
    hint: near === undefined ? `valid rules: ${names.join(', ')}` : `did you mean '${near}'?`,
  });
}

async function write(report: LintReport, output: string, context: Context): Promise<void> {
  const views = await import('../../render/findings.ts');
  if (await writeDocument(views.findingsDocument(report), output, context)) return;
  if (output === 'sarif') {
    await writeDocument(views.sarifDocument(report, context.version()), 'json', context);
    return;
  }
  const { style } = await context.view();
  const pathOf = (file: string): string => relative(resolve('.'), join(report.root, file)) || file;
  context.io.out.write(output === 'junit' ? views.renderJunit(report) : views.renderFindings(report, style, pathOf));
}
