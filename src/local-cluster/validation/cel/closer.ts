// What cel-go's type checker looks at and the library's does not: fields that has() asks for, fields that may be missing,
// keys of maps, both sides of a choice.

import type { ASTNode } from '@marcbachmann/cel-js';
import { type CheckPart, childrenOf, isPart, type Macro, type Part, type PartType } from './syntax.ts';

type Closer = (before: CheckPart) => CheckPart;

/** Fields that has() asks for, each with the part that asks. */
const asked = new WeakMap<ASTNode, ASTNode>();

/** What a macro asks of each item, with the macro. */
const conditions = new WeakMap<ASTNode, Part>();

export const conditionOf = (part: ASTNode): Part | undefined => conditions.get(part);

export const askedBy = (part: ASTNode): ASTNode | undefined => asked.get(part);

const isAny = ({ name, kind }: PartType): boolean => kind === 'dyn' || /\b(?:dyn|[A-Z])\b/.test(name);

const partsOf = (args: unknown): readonly Part[] => (Array.isArray(args) ? args.filter(isPart) : []);

/** A key of another type than the map's, an index into what has fields. */
const index: Closer = (before) => (checker, part, context) => {
  const [of, by] = partsOf(part.args);
  const type = before(checker, part, context);
  if (!of || !by) return type;
  const [whole, key] = [checker.check(of, context), checker.check(by, context)];
  const isOther =
    whole.kind === 'map' && whole.keyType !== undefined && !isAny(whole.keyType) && whole.keyType.name !== key.name;
  const isStructure = checker.objectTypes.get(whole.name)?.fields !== undefined;
  if (isStructure || (isOther && !isAny(key))) throw checker.createError('invalid_index_type', '', part);
  return type;
};

/** A field that may be missing is one of those that there are. */
const maybe: Closer = (before) => (checker, part, context) => {
  const type = before(checker, part, context);
  const [of] = partsOf(part.args);
  const name: unknown = Array.isArray(part.args) ? part.args[1] : undefined;
  const fields = of && checker.objectTypes.get(checker.check(of, context).name)?.fields;
  if (fields && typeof name === 'string' && !Object.hasOwn(fields, name))
    throw checker.createError('no_such_key', `No such key: ${name}`, part);
  return type;
};

/** Each side of 'and' and 'or' by itself. */
const logical: Closer = (before) => (checker, part, context) => {
  for (const side of partsOf(part.args)) {
    const { name } = checker.check(side, context);
    if (name !== 'bool' && name !== 'dyn')
      throw checker.createError('invalid_logical_operand', `operands, got '${name}'`, side);
  }
  return before(checker, part, context);
};

/** All of a choice is looked at, before it is said that it does not fit. */
const choice: Closer = (before) => (checker, part, context) => {
  const [when, ...sides] = partsOf(part.args).map((one) => checker.check(one, context));
  const isMade = partsOf(part.args)[0]?.end === part.end;
  const [first, second] = sides;
  if (isMade || !when || !first || !second) return before(checker, part, context);
  const isChoice = when.name === 'bool' || when.name === 'dyn';
  if (isChoice && (first.name === second.name || sides.some(isAny))) return before(checker, part, context);
  throw checker.createError('choice', [when, first, second].map(({ name }) => name).join(', '), part);
};

const NUMBERS = ['int', 'uint', 'double', 'google.protobuf.Duration'];
const ORDERED = [...NUMBERS, 'string', 'bytes', 'bool', 'google.protobuf.Timestamp'];

/** What the items of a list have to be for a function; whether it answers one of them, or takes one. */
const OF_ITEMS: Readonly<Record<string, { readonly items?: readonly string[]; readonly gives?: boolean }>> = {
  indexOf: {},
  isSorted: { items: ORDERED },
  lastIndexOf: {},
  max: { items: ORDERED, gives: true },
  min: { items: ORDERED, gives: true },
  sum: { items: NUMBERS, gives: true },
};

/** Functions of lists know their items. */
const ofItems: Closer = (before) => (checker, part, context) => {
  const type = before(checker, part, context);
  const [name, of, args]: readonly unknown[] = Array.isArray(part.args) ? part.args : [];
  const [list] = partsOf([of]);
  const rule = typeof name === 'string' && Object.hasOwn(OF_ITEMS, name) ? OF_ITEMS[name] : undefined;
  const item = list && checker.check(list, context).valueType;
  if (!rule || !item || isAny(item)) return type;
  const given = partsOf(args).map((one) => checker.check(one, context));
  const isWrong = rule.items
    ? !rule.items.includes(item.name)
    : given.some((one) => !isAny(one) && one.name !== item.name);
  if (!isWrong) return rule.gives ? item : type;
  const types = given.map((one) => one.name).join(', ');
  throw checker.createError('no_matching_overload', `found no matching overload for 'list.${name}(${types})'`, part);
};

/** What is written out in a list, or as keys or values of a map, is of one type; but not what a text is formatted from. */
const alike: Closer = (before) => (checker, part, context) => {
  const type = before(checker, part, context);
  if (formatted.has(part)) return type;
  const entries: readonly unknown[] = Array.isArray(part.args) ? part.args : [];
  const columns =
    part.op === 'list'
      ? [partsOf(entries)]
      : [0, 1].map((side) => entries.flatMap((entry) => partsOf(entry)[side] ?? []));
  for (const [first, ...others] of columns) {
    const wanted = first && checker.check(first, context);
    if (!wanted || isAny(wanted)) continue;
    for (const other of others) {
      const found = checker.check(other, context);
      if (found.name !== wanted.name && !isAny(found))
        throw checker.createError('element_type', `expected type '${wanted.name}' but found '${found.name}'`, other);
    }
  }
  return type;
};

const [LEAST, MOST] = [-(2n ** 63n), 2n ** 63n];

/** Whole numbers have 64 bits. */
const literal: Closer = (before) => (checker, part, context) => {
  const value: unknown = part.args;
  if (typeof value === 'bigint' && (value < LEAST || value > (signOf(part) === '' ? MOST - 1n : MOST)))
    throw checker.createError('bad_literal', 'invalid int literal', part);
  return before(checker, part, context);
};

/** The minus that belongs to a number. */
export const signOf = ({ input, start }: ASTNode): string =>
  /(?:^|[^\w)\]}"'\s])\s*(-\s*)$/.exec(input.slice(0, start))?.[1] ?? '';

const formatted = new WeakSet<ASTNode>();

const CLOSER: Readonly<Record<string, Closer>> = {
  '[]': index,
  '.?': maybe,
  '&&': logical,
  '||': logical,
  '?:': choice,
  list: alike,
  map: alike,
  rcall: ofItems,
  value: literal,
};

/** Has the parts of an expression checked closer. */
export function checkCloser(part: ASTNode, done = new Set<ASTNode>()): void {
  if (done.has(part) || !isPart(part)) return;
  done.add(part);
  const [name, , args]: readonly unknown[] = Array.isArray(part.args) ? part.args : [];
  if (part.op === 'rcall' && (name === 'filter' || name === 'exists_one'))
    for (const one of partsOf(args).slice(1)) conditions.set(one, part);
  if (name === 'format') for (const one of partsOf(args)) formatted.add(one);
  if (formatted.has(part)) for (const one of partsOf(part.args)) formatted.add(one);
  const closer = Object.hasOwn(CLOSER, part.op) ? CLOSER[part.op] : undefined;
  if (closer) part.meta.check = closer(part.meta.check);
  closerMacro(part);
  for (const child of childrenOf(part)) checkCloser(child, done);
}

/** Macros whose arguments are looked at closer. */
function closerMacro(part: Part): void {
  const { macro } = part.meta;
  if (!macro || isPart(macro)) return;
  const before = macro.typeCheck;
  const [field] = part.op === 'call' && part.args[0] === 'has' ? partsOf(part.args[1]) : [];
  if (field) {
    asked.set(field, part);
    macro.typeCheck = (checker, itself, context) => {
      const type = before(checker, itself, context);
      checker.check(field, context);
      return type;
    };
  }
  if (part.op === 'rcall' && part.args[0] === 'bind') macro.typeCheck = unbound(part);
}

/** The library binds names by `cel.bind`; Kubernetes does not. */
const unbound =
  (part: Part): Macro['typeCheck'] =>
  (checker, _itself, context) => {
    const [, of, args]: readonly unknown[] = Array.isArray(part.args) ? part.args : [];
    const [names, ...values] = [...partsOf([of]), ...partsOf(args)];
    if (names && names.checkedType === undefined)
      throw checker.createError('unknown_variable', 'Unknown variable: cel', names);
    for (const value of values) checker.check(value, context);
    throw checker.createError('no_matching_overload', "found no matching overload for 'dyn.bind(dyn, dyn, dyn)'", part);
  };
