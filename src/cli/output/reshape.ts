// `--jq`, and the forms of `-o` that take an expression: the command answers in JSON, and what is printed is made of that.

import type { Command } from 'commander';
import { HawserError } from '../../core/errors.ts';
import { isList, type Json } from '../../core/json.ts';
import type { Context } from '../context.ts';
import type { Reshape } from './reshaping.ts';

interface OutputOptions {
  readonly output?: string;
  /** `--output` by the name that the reference gives it in places. */
  readonly out?: string;
  readonly jq?: string;
}

/** The expression that an answer is reshaped by; undefined where it is printed as the command writes it. */
export async function reshapeOf(command: Command, context: Context): Promise<Reshape | undefined> {
  const key = command.options.some(({ long }) => long === '--out') ? 'out' : 'output';
  const { jq, [key]: value } = command.opts<OutputOptions>();
  const format = command.getOptionValueSource(key) === 'cli' ? value : undefined;
  if (jq !== undefined) {
    if (format !== undefined && format !== 'json')
      throw new HawserError('usage', '--jq filters JSON', { hint: `leave out -o ${format}` });
    command.setOptionValue(key, 'json');
    return jqReshape(jq, context);
  }
  const [, form = '', argument = ''] = /^([a-z-]+)=(.*)$/s.exec(format ?? '') ?? [];
  const reshape = FORMS[form];
  if (!reshape || argument === '' || readsItself(command, form)) return undefined;
  command.setOptionValue(key, 'json');
  return reshape(argument);
}

/** Whether a format is one that the command's own help names. */
const readsItself = (command: Command, form: string): boolean =>
  command.options.some(({ long, description }) => long === '--output' && description.includes(`${form}=`));

const FORMS: Readonly<Record<string, (argument: string) => Promise<Reshape>>> = {
  jsonpath: async (argument) => {
    const { parseTemplate, parsePath, textOfJson } = await import('../../core/json-path.ts');
    if (argument.includes('{')) {
      const template = parseTemplate(argument);
      return (document) => template(listed(document));
    }
    const find = parsePath(argument);
    return (document) => find(listed(document)).map(textOfJson).join(' ');
  },
  'go-template': async (argument) => {
    const { goTemplate } = await import('../../core/go-template/run.ts');
    const template = goTemplate(argument);
    return (document) => template(listed(document));
  },
  'custom-columns': async (argument) => {
    const { customTable, parseCustomColumns } = await import('../../render/custom-columns.ts');
    const { columnTable } = await import('../../render/table.ts');
    const { PLAIN } = await import('../../render/style.ts');
    const columns = parseCustomColumns(argument);
    return (document) => columnTable(customTable(isList(document) ? document : [document], columns), PLAIN);
  },
};

/** A list of things as Kubernetes writes one: `.items`. */
const listed = (document: Json): Json => (isList(document) ? { items: document } : document);

async function jqReshape(filter: string, context: Context): Promise<Reshape> {
  const jq = await context.jq();
  await jq.check(filter);
  return (document) => jq.run(document, filter);
}
