// What a template makes of a value.

import { isList, isObject } from '../json.ts';
import { FUNCTIONS } from './functions.ts';
import { type Branch, type Node, type Operand, type Pipeline, parseGoTemplate } from './parse.ts';
import { bad, isTrue, textOf, type Value } from './values.ts';

/** kubectl's `-o go-template`; a key that is missing prints <no value>. Throws `usage` where it is no template. */
export function goTemplate(source: string): (value: Value) => string {
  const nodes = parseGoTemplate(source);
  return (value) => {
    const output: string[] = [];
    runNodes(nodes, { dot: value, scope: { names: new Map([['$', value]]) }, output });
    return output.join('');
  };
}

interface Scope {
  readonly names: Map<string, Value>;
  readonly outer?: Scope;
}

interface Frame {
  readonly dot: Value;
  readonly scope: Scope;
  readonly output: string[];
}

/** How a list of nodes ended. */
type Ending = 'done' | 'break' | 'continue';

function runNodes(nodes: readonly Node[], frame: Frame): Ending {
  for (const node of nodes) {
    const ending = runNode(node, frame);
    if (ending !== 'done') return ending;
  }
  return 'done';
}

function runNode(node: Node, frame: Frame): Ending {
  switch (node.kind) {
    case 'text':
      frame.output.push(node.text);
      return 'done';
    case 'print':
      frame.output.push(textOf(pipelineValue(node.pipeline, frame)));
      return 'done';
    case 'set':
      set(node.variable, { value: pipelineValue(node.pipeline, frame), isNew: node.isNew }, frame.scope);
      return 'done';
    case 'range':
      return runRange(node, frame);
    case 'if':
    case 'with':
      return runChoice(node, frame, node.kind === 'with');
    default:
      return node.kind;
  }
}

function set(name: string, { value, isNew }: { readonly value: Value; readonly isNew: boolean }, scope: Scope): void {
  if (isNew || scope.names.has(name)) scope.names.set(name, value);
  else if (scope.outer) set(name, { value, isNew }, scope.outer);
  else throw bad(`undefined variable "${name}"`);
}

const inner = (frame: Frame, dot: Value): Frame => ({ ...frame, dot, scope: { names: new Map(), outer: frame.scope } });

function runChoice(branch: Branch, frame: Frame, setsDot: boolean): Ending {
  const value = pipelineValue(branch.pipeline, frame);
  const own = inner(frame, setsDot && isTrue(value) ? value : frame.dot);
  for (const name of branch.variables) own.scope.names.set(name, value);
  return runNodes(isTrue(value) ? branch.body : branch.otherwise, own);
}

function runRange(branch: Branch, frame: Frame): Ending {
  const entries = entriesOf(pipelineValue(branch.pipeline, frame));
  for (const [key, value] of entries) {
    const own = inner(frame, value);
    const [first, second] = branch.variables;
    if (second !== undefined) own.scope.names.set(second, value);
    if (first !== undefined) own.scope.names.set(first, second === undefined ? value : key);
    if (runNodes(branch.body, own) === 'break') break;
  }
  return entries.length === 0 ? runNodes(branch.otherwise, inner(frame, frame.dot)) : 'done';
}

function entriesOf(value: Value): readonly (readonly [Value, Value])[] {
  if (value === undefined || value === null) return [];
  if (isList(value)) return value.map((item, index) => [index, item]);
  if (isObject(value)) return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  if (typeof value === 'number' && Number.isInteger(value)) return Array.from({ length: value }, (_, at) => [at, at]);
  throw bad(`range can't iterate over ${textOf(value)}`);
}

/** Each command gets the answer of the one before it as its last argument. */
function pipelineValue(pipeline: Pipeline, frame: Frame): Value {
  let last: readonly Value[] = [];
  for (const command of pipeline) last = [runCommand(command, last, frame)];
  return last[0];
}

function runCommand([head, ...args]: readonly Operand[], piped: readonly Value[], frame: Frame): Value {
  if (!head) return undefined;
  if (head.base.kind !== 'function') {
    if (args.length + piped.length > 0) throw bad("can't give an argument to what is no function");
    return operandValue(head, frame);
  }
  return withFields(call(head.base.name, { args, piped }, frame), head.fields);
}

interface Arguments {
  readonly args: readonly Operand[];
  readonly piped: readonly Value[];
}

function call(name: string, { args, piped }: Arguments, frame: Frame): Value {
  if (name === 'and' || name === 'or') {
    let value: Value;
    // The rest is not looked at once the answer is known.
    for (const read of [...args.map((arg) => () => operandValue(arg, frame)), ...piped.map((one) => () => one)]) {
      value = read();
      if (isTrue(value) === (name === 'or')) return value;
    }
    return value;
  }
  return FUNCTIONS.get(name)?.([...args.map((arg) => operandValue(arg, frame)), ...piped]);
}

function operandValue({ base, fields }: Operand, frame: Frame): Value {
  switch (base.kind) {
    case 'dot':
      return withFields(frame.dot, fields);
    case 'literal':
      return withFields(base.value, fields);
    case 'variable':
      return withFields(variable(base.name, frame.scope), fields);
    case 'function':
      return withFields(call(base.name, { args: [], piped: [] }, frame), fields);
    case 'pipeline':
      return withFields(pipelineValue(base.pipeline, frame), fields);
  }
}

function variable(name: string, scope: Scope): Value {
  if (scope.names.has(name)) return scope.names.get(name);
  if (scope.outer) return variable(name, scope.outer);
  throw bad(`undefined variable "${name}"`);
}

function withFields(value: Value, fields: readonly string[]): Value {
  return fields.reduce<Value>((from, field) => {
    if (from === undefined || from === null) return undefined;
    if (isObject(from)) return Object.hasOwn(from, field) ? from[field] : undefined;
    throw bad(`can't evaluate field ${field} in ${textOf(from)}`);
  }, value);
}
