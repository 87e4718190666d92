// Statements, as functions that say how the block goes on.

import {
  bindFunctions,
  type Expression,
  expression,
  expressionList,
  suffixed,
  values,
  variable,
} from './expressions.ts';
import { type Execute, functionsOf } from './functions.ts';
import { assign, call, index } from './operations.ts';
import type { Evaluate } from './operators.ts';
import {
  accept,
  advance,
  type Cell,
  type Compiler,
  declare,
  expect,
  expectName,
  fail,
  inBlock,
  isNext,
  nested,
  peek,
} from './scope.ts';
import { isTruthy, LuaError, toNumber } from './values.ts';

const ENDS = ['end', 'else', 'elseif', 'until'];

export function block(compiler: Compiler): Execute {
  return inBlock(compiler, () => nested(compiler, () => statements(compiler)));
}

function statements(compiler: Compiler): Execute {
  const list: Execute[] = [];
  const labels = new Map<string, number>();
  while (!isNext(compiler, ...ENDS) && peek(compiler).type !== 'end') {
    if (accept(compiler, '::')) {
      labels.set(expectName(compiler), list.length);
      expect(compiler, '::');
      continue;
    }
    if (isNext(compiler, 'return')) {
      list.push(returns(compiler));
      break;
    }
    list.push(statement(compiler));
    accept(compiler, ';');
  }
  return (frame) => {
    for (let at = 0; at < list.length; at++) {
      const outcome = list[at]?.(frame);
      if (outcome === undefined) continue;
      const target = typeof outcome === 'object' && 'label' in outcome ? labels.get(outcome.label) : undefined;
      if (target === undefined) return outcome;
      at = target - 1;
    }
    return undefined;
  };
}

function returns(compiler: Compiler): Execute {
  advance(compiler);
  const isEmpty = isNext(compiler, ...ENDS, ';') || peek(compiler).type === 'end';
  const list = values(isEmpty ? [] : expressionList(compiler));
  accept(compiler, ';');
  return list;
}

const STATEMENTS: Readonly<Record<string, (compiler: Compiler) => Execute>> = {
  if: conditional,
  while: whileLoop,
  do: (compiler) => {
    const body = block(compiler);
    expect(compiler, 'end');
    return body;
  },
  for: forLoop,
  repeat: repeatLoop,
  function: functionStatement,
  local: localStatement,
  break: (compiler) => (compiler.scope.loops > 0 ? () => 'break' : fail(compiler)),
  goto: (compiler) => {
    const outcome = { label: expectName(compiler) };
    return () => outcome;
  },
};

function statement(compiler: Compiler): Execute {
  const { type, text } = peek(compiler);
  const compile = type === 'keyword' && Object.hasOwn(STATEMENTS, text) ? STATEMENTS[text] : undefined;
  if (compile) {
    advance(compiler);
    return compile(compiler);
  }
  if (accept(compiler, ';')) return () => undefined;
  const first = suffixed(compiler);
  if (isNext(compiler, '=', ',')) return assignment(compiler, first);
  const { isCall, one } = first;
  if (!isCall) return fail(compiler);
  return (frame) => {
    one(frame);
    return undefined;
  };
}

function assignment(compiler: Compiler, first: Expression): Execute {
  const targets = [first];
  while (accept(compiler, ',')) targets.push(suffixed(compiler));
  expect(compiler, '=');
  const list = values(expressionList(compiler));
  const setters = targets.map(({ target }) => target ?? fail(compiler));
  return (frame) => {
    const ready = setters.map((target) => target(frame));
    const found = list(frame);
    for (const [at, set] of ready.entries()) set(found[at]);
    return undefined;
  };
}

function conditional(compiler: Compiler): Execute {
  const branches: { readonly condition: Evaluate; readonly body: Execute }[] = [];
  do {
    const { one: condition } = expression(compiler);
    expect(compiler, 'then');
    branches.push({ condition, body: block(compiler) });
  } while (accept(compiler, 'elseif'));
  const otherwise = accept(compiler, 'else') ? block(compiler) : undefined;
  expect(compiler, 'end');
  return (frame) => {
    for (const { condition, body } of branches) if (isTruthy(condition(frame))) return body(frame);
    return otherwise?.(frame);
  };
}

function loopBody(compiler: Compiler): Execute {
  compiler.scope.loops += 1;
  const body = block(compiler);
  compiler.scope.loops -= 1;
  return body;
}

function whileLoop(compiler: Compiler): Execute {
  const { one: condition } = expression(compiler);
  expect(compiler, 'do');
  const body = loopBody(compiler);
  expect(compiler, 'end');
  return (frame) => {
    while (isTruthy(condition(frame))) {
      const outcome = body(frame);
      if (outcome === 'break') return undefined;
      if (outcome !== undefined) return outcome;
    }
    return undefined;
  };
}

/** The condition sees what the body declares. */
function repeatLoop(compiler: Compiler): Execute {
  return inBlock(compiler, () => {
    compiler.scope.loops += 1;
    const body = statements(compiler);
    compiler.scope.loops -= 1;
    expect(compiler, 'until');
    const { one: condition } = expression(compiler);
    return (frame) => {
      do {
        const outcome = body(frame);
        if (outcome === 'break') return undefined;
        if (outcome !== undefined) return outcome;
      } while (!isTruthy(condition(frame)));
      return undefined;
    };
  });
}

function forLoop(compiler: Compiler): Execute {
  const { line } = peek(compiler);
  const names = [expectName(compiler)];
  if (accept(compiler, '=')) return numericLoop(compiler, names[0] ?? '', line);
  while (accept(compiler, ',')) names.push(expectName(compiler));
  expect(compiler, 'in');
  const list = values(expressionList(compiler));
  expect(compiler, 'do');
  return inBlock(compiler, () => {
    const slots = names.map((name) => declare(compiler, name));
    const body = loopBody(compiler);
    expect(compiler, 'end');
    return (frame) => {
      const [iterate, state, first] = list(frame);
      for (let control = first; ; ) {
        const found = call(frame.runtime, iterate, [state, control], line);
        control = found[0];
        if (control === undefined) return undefined;
        for (const [at, slot] of slots.entries()) frame.locals[slot] = { value: found[at] };
        const outcome = body(frame);
        if (outcome === 'break') return undefined;
        if (outcome !== undefined) return outcome;
      }
    };
  });
}

function numericLoop(compiler: Compiler, name: string, line: number): Execute {
  const bounds = expressionList(compiler);
  if (bounds.length < 2 || bounds.length > 3) fail(compiler);
  const list = values(bounds);
  expect(compiler, 'do');
  return inBlock(compiler, () => {
    const slot = declare(compiler, name);
    const body = loopBody(compiler);
    expect(compiler, 'end');
    return (frame) => {
      const [start, limit, step = 1] = list(frame).map(toNumber);
      if (start === undefined || limit === undefined || step === 0)
        throw new LuaError(`<string>:${line}: for statement init, limit and step must be numbers`, true);
      for (let count = start; step > 0 ? count <= limit : count >= limit; count += step) {
        frame.locals[slot] = { value: count };
        const outcome = body(frame);
        if (outcome === 'break') return undefined;
        if (outcome !== undefined) return outcome;
      }
      return undefined;
    };
  });
}

function localStatement(compiler: Compiler): Execute {
  if (accept(compiler, 'function')) {
    const slot = declare(compiler, expectName(compiler));
    const make = functionBody(compiler, false);
    return (frame) => {
      const cell: Cell = { value: undefined };
      frame.locals[slot] = cell;
      cell.value = make(frame);
      return undefined;
    };
  }
  const names = [expectName(compiler)];
  while (accept(compiler, ',')) names.push(expectName(compiler));
  const list = values(accept(compiler, '=') ? expressionList(compiler) : []);
  const slots = names.map((name) => declare(compiler, name));
  return (frame) => {
    const found = list(frame);
    for (const [at, slot] of slots.entries()) frame.locals[slot] = { value: found[at] };
    return undefined;
  };
}

/** `function a.b:c() end` */
function functionStatement(compiler: Compiler): Execute {
  const { line } = peek(compiler);
  const path = [expectName(compiler)];
  while (accept(compiler, '.')) path.push(expectName(compiler));
  const isMethod = accept(compiler, ':');
  if (isMethod) path.push(expectName(compiler));
  const [name = '', ...fields] = path;
  const last = fields.pop();
  const root = variable(compiler, name, line);
  const make = functionBody(compiler, isMethod);
  return (frame) => {
    if (last === undefined) root.target?.(frame)(make(frame));
    else {
      let holder = root.one(frame);
      for (const field of fields) holder = index(frame.runtime, holder, field, line);
      assign(frame.runtime, holder, [last, make(frame)], line);
    }
    return undefined;
  };
}

const functionBody = functionsOf(block);

bindFunctions(functionBody);
