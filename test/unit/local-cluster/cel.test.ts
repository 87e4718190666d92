// Rules in CEL: what a definition may not hold, and what evaluating may cost.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { type KubeAnswer, type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';
import { definitionOf } from '../../support/simulated-kinds.ts';

let kube: KubeCalls;
beforeEach(async () => {
  kube = await openKubeCalls(systemClock);
});
afterEach(() => kube.close());

const THINGS = '/apis/example.com/v1/namespaces/default/things';
const FIELD = 'spec.validation.openAPIV3Schema.properties[spec]';

const define = (spec: JsonObject): Promise<KubeAnswer> => {
  const schema = { type: 'object', properties: { spec: { type: 'object', ...spec } } };
  const definition = definitionOf({ group: 'example.com', kind: 'Thing', schema });
  return kube.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
};

async function defined(spec: JsonObject): Promise<void> {
  expect(await define(spec)).toMatchObject({ status: 201, message: '' });
  await expect.poll(async () => (await kube.call('GET', THINGS)).status).toBe(200);
}

const make = (spec: JsonObject): Promise<KubeAnswer> =>
  kube.call('POST', THINGS, { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { generateName: 'a-' }, spec });

const rules = (...list: readonly (string | JsonObject)[]): JsonObject => ({
  'x-kubernetes-validations': list.map((rule) => (typeof rule === 'string' ? { rule } : rule)),
});

const text = { type: 'string' };
const integer = { type: 'integer' };
const PROPERTIES: JsonObject = {
  n: integer,
  t: text,
  b: { type: 'boolean' },
  d: { type: 'number' },
  when: { ...text, format: 'date-time' },
  long: { ...text, format: 'duration' },
  either: { 'x-kubernetes-int-or-string': true },
  l: { type: 'array', maxItems: 10, items: text },
  m: { type: 'object', maxProperties: 10, additionalProperties: integer },
  o: { type: 'object', properties: { 'a-b': text, c: { type: 'object', properties: { d: integer } } } },
  open: { 'x-kubernetes-preserve-unknown-fields': true },
};

describe('expressions that do not fit their schema', () => {
  const marked = (at: number, why: string, expression: string, line = 1): string =>
    `compilation failed: ERROR: <input>:${line}:${at}: ${why}\n | ${expression}\n | ${'.'.repeat(at - 1)}^`;

  test.each([
    ['self.foo == 1', 5, "undefined field 'foo'"],
    ['self.o.c.e > 1', 9, "undefined field 'e'"],
    ['self.open.a == 1', 5, "undefined field 'open'"],
    ['other == 1', 1, "undeclared reference to 'other' (in container '')"],
    ['self.n + self.t == "a"', 8, "found no matching overload for '_+_' applied to '(int, string)'"],
    ['self.t == 1', 8, "found no matching overload for '_==_' applied to '(string, int)'"],
    ['self.n.matches("a")', 15, "found no matching overload for 'matches' applied to 'int.(string)'"],
    ['lookup(self.n)', 7, "undeclared reference to 'lookup' (in container '')"],
    ['self.l.all(x, x > 1)', 17, "found no matching overload for '_>_' applied to '(string, int)'"],
    ['!self.n', 1, "found no matching overload for '!_' applied to '(int)'"],
    ['self.n.x == 1', 7, "type 'int' does not support field selection"],
    ['has(self.o.gone)', 4, "undefined field 'gone'"],
    ['has(self)', 5, 'invalid argument to has() macro'],
    ['self.?gone.orValue(1) == 1', 5, "undefined field 'gone'"],
    ['self.m[1] > 1', 7, "found no matching overload for '_[_]' applied to '(map(string, int), int)'"],
    ['self.n ? true : false', 8, "found no matching overload for '_?_:_' applied to '(int, bool, bool)'"],
    [
      'self.l.filter(x, x) == []',
      14,
      "found no matching overload for '_?_:_' applied to '(string, list(string), list(string))'",
    ],
    ['self.b && self.t', 15, "expected type 'bool' but found 'string'"],
    ['self.l.sum() == "a"', 11, "found no matching overload for 'sum' applied to 'list(string).()'"],
    ['self.l.max() == 1', 14, "found no matching overload for '_==_' applied to '(string, int)'"],
    ['[1, "a"].size() > 1', 5, "expected type 'int' but found 'string'"],
    [
      'self.n.all(x, true)',
      5,
      "expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)",
    ],
    ['as == 1', 1, 'reserved identifier: as'],
    ['self.l == [1]', 8, "found no matching overload for '_==_' applied to '(list(string), list(int))'"],
  ])('%s', async (rule, at, why) => {
    expect(await define({ properties: PROPERTIES, ...rules(rule) })).toMatchObject({
      status: 422,
      message: expect.stringContaining(marked(at, why, rule)),
    });
  });

  test('tells every fault of an expression', async () => {
    const { message } = await define({ properties: PROPERTIES, ...rules('self.a == 1 && self.z > cel.bind(x, 1, x)') });
    for (const why of ["5: undefined field 'a'", "20: undefined field 'z'", "25: undeclared reference to 'cel'"])
      expect(message).toContain(`ERROR: <input>:1:${why}`);
  });

  test.each<[string | JsonObject, string]>([
    [
      'self.n',
      'rule: Invalid value: {"Rule":"self.n","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: cel expression must evaluate to a bool',
    ],
    ['', 'rule: Required value: rule is not specified'],
    [{ rule: 'true', fieldPath: '.none' }, 'fieldPath: Invalid value: ".none": must be a valid path'],
    [{ rule: 'true', messageExpression: ' ' }, 'Required value: messageExpression must be non-empty if specified'],
    [{ rule: 'true', message: ' ' }, 'message: Invalid value: " ": must be non-empty if specified'],
    [{ rule: 'true', message: 'a\nb' }, 'message: Invalid value: "a\\nb": must not contain line breaks'],
    [{ rule: 'true\n|| false' }, 'message: Required value: message must be specified if rule contains line breaks'],
    [{ rule: 'true', reason: 'Bad' }, 'reason: Unsupported value: "Bad"'],
    [{ rule: 'true', messageExpression: '1' }, 'messageExpression must evaluate to a string'],
    [
      { rule: 'true', messageExpression: 'self.gone' },
      "messageExpression compilation failed: ERROR: <input>:1:5: undefined field 'gone'",
    ],
  ])('%j', async (rule, why) => {
    expect(await define({ properties: PROPERTIES, ...rules(rule) })).toMatchObject({
      status: 422,
      message: expect.stringContaining(`${FIELD}.x-kubernetes-validations[0].`),
    });
    expect((await define({ properties: PROPERTIES, ...rules(rule) })).message).toContain(why);
  });

  test('a list without keys has no old items', async () => {
    const l = { type: 'array', items: { ...text, ...rules('self == oldSelf') } };
    expect((await define({ properties: { l } })).message).toContain(
      `oldSelf cannot be used on the uncorrelatable portion of the schema within ${FIELD}.properties[l]`,
    );
  });

  test.each([
    ['a(', 'missing closing ): `a(`'],
    ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
    ['[z-a]', 'invalid character class range: `z-a`'],
  ])('the pattern %s', async (pattern, why) => {
    expect((await define({ properties: { t: { ...text, pattern } } })).message).toContain(
      `${FIELD}.properties[t].pattern: Invalid value: "${pattern}": must be a valid regular expression, but isn't: error parsing regexp: ${why}`,
    );
  });
});

test.each([
  'self == oldSelf',
  'self.o == oldSelf.o && self.l == oldSelf.l && self.m == oldSelf.m',
  'has(self.o) && has(self.o.c) ? self.o.c.d > 0 : true',
  'self.o.a__dash__b.startsWith("a")',
  'self.o.c != null',
  'self.n > 1 && self.n < 1.5',
  'self.d >= 1.0 || self.d == double(self.n)',
  'type(self.either) == int ? self.either > 1 : self.either == "x"',
  'self.when < timestamp("2030-01-01T00:00:00Z")',
  'self.long > duration("1h")',
  'self.l.all(x, x.matches("^[a-z]+$")) && self.l.exists(x, x == "a")',
  'self.l.map(x, x + "a").filter(x, x.size() > 1).size() == 1',
  'self.m.all(key, self.m[key] > 0 && key.size() > 1)',
  'self.l.isSorted() && self.l.max() == "a" || self.l.indexOf("a") > 0',
  'self.?t.orValue("") == "a" && self.t.lowerAscii() == self.t',
  'quantity(self.t).isGreaterThan(quantity("1Gi")) && isURL(self.t) && url(self.t).getHost() == "a"',
  'ip(self.t).family() == 4 && cidr("10.0.0.0/8").containsIP(self.t)',
  '"%s is %d".format([self.t, self.n]) == "a"',
  '[].max() == 1 || self.b',
  'sets.contains(self.l, ["a", "b"]) && self.t in ["a", "b"]',
  'dyn(self.t) == 1 || self.b',
  'self.t.find("[0-9]+") == "1" && self.t.findAll("a", 2).size() == 2',
  'self.t.split(",", 3).all(x, x.trim() != "")',
])('%s is a rule', async (rule) => {
  expect(await define({ properties: PROPERTIES, ...rules(rule) })).toMatchObject({
    status: 201,
    message: '',
    warning: '',
  });
});

const listener = {
  type: 'object',
  properties: {
    name: { ...text, maxLength: 10 },
    port: integer,
    hostname: { ...text, maxLength: 10 },
    tls: { type: 'object', properties: { mode: text } },
  },
};

// As they stand in the Gateway API and others like it.
test.each([
  'self.all(l1, self.exists_one(l2, l1.name == l2.name))',
  'self.all(l, l.name in ["HTTP", "TCP"] ? !has(l.tls) : true)',
  'self.all(l1, self.exists_one(l2, l1.port == l2.port && (has(l1.hostname) && has(l2.hostname) ? l1.hostname == l2.hostname : !has(l1.hostname) && !has(l2.hostname))))',
  'self.all(l, (l.name == "HTTPS" && has(l.tls)) ? (l.tls.mode == "" || l.tls.mode == "Terminate") : true)',
  'size(self) == 0 || self.filter(l, l.port == 443).size() <= 1',
])('%s of a list is a rule', async (rule) => {
  const list = { type: 'array', maxItems: 64, items: listener, ...rules(rule) };
  expect(await define({ properties: { list } })).toMatchObject({ status: 201, message: '', warning: '' });
});

test('what the library cannot read is taken, and told not to be checked', async () => {
  const rule = 'self.sortBy(one, one.nope).size() > 0';
  const list = { type: 'array', maxItems: 64, items: listener, ...rules(rule) };
  expect(await define({ properties: { list } })).toMatchObject({
    status: 201,
    warning: expect.stringContaining('this cluster does not check the rule self.sortBy('),
  });
});

test('an old value that may be missing is an optional one', async () => {
  const rule = { rule: 'oldSelf.hasValue() ? self.n >= oldSelf.?n.orValue(0) : self.n == 1', optionalOldSelf: true };
  await defined({ properties: PROPERTIES, ...rules(rule) });
  expect(await make({ n: 2 })).toMatchObject({ status: 422 });
  const made = await kube.call('POST', THINGS, {
    apiVersion: 'example.com/v1',
    kind: 'Thing',
    metadata: { name: 'grows' },
    spec: { n: 1 },
  });
  expect(made.status).toBe(201);
  const change = (n: number): Promise<KubeAnswer> =>
    kube.call(
      'PATCH',
      `${THINGS}/grows`,
      { spec: { n } },
      { headers: { 'content-type': 'application/merge-patch+json' } },
    );
  expect((await change(3)).status).toBe(200);
  expect((await change(2)).status).toBe(422);
});

describe('cost', () => {
  const nested = 'self.l.all(a, self.l.all(b, self.l.all(c, a + b + c >= 0)))';
  const numbers = (count: number): JsonObject => ({ l: Array.from({ length: count }, (_, index) => index) });

  test('a rule that may take too long is refused with its definition', async () => {
    const l = { type: 'array', items: integer };
    expect((await define({ properties: { l }, ...rules(nested) })).message).toContain(
      `${FIELD}.x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`,
    );
  });

  test('a rule within a list counts as often as the list may have items', async () => {
    const inner = { type: 'array', maxItems: 1000, items: integer };
    const item = { type: 'object', properties: { l: inner }, ...rules('self.l.all(x, self.l.all(y, x != y))') };
    const outer = { type: 'array', items: item };
    expect((await define({ properties: { outer } })).message).toContain('exceeds budget by factor of more than 100x');
  });

  test('an evaluation that costs too much is stopped', async () => {
    const rule = 'self.l.all(a, self.l.all(b, a + b >= 0))';
    await defined({ properties: { l: { type: 'array', maxItems: 1000, items: integer } }, ...rules(rule) });
    const before = performance.now();
    expect(await make(numbers(1000))).toMatchObject({
      status: 422,
      message: expect.stringContaining(
        `spec: Invalid value: "object": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: ${rule}`,
      ),
    });
    expect(performance.now() - before).toBeLessThan(3000);
    expect(await make(numbers(5))).toMatchObject({ status: 201 });
  });

  test('all rules of an object have one budget', async () => {
    const rule = 'self.l.all(a, self.l.all(b, a + b >= 0))';
    const list = { type: 'array', maxItems: 100, items: integer };
    const item = { type: 'object', properties: { l: list }, ...rules(rule, `${rule} || true`) };
    await defined({ properties: { items: { type: 'array', maxItems: 100, items: item } } });
    const answer = await make({ items: Array.from({ length: 100 }, () => numbers(100)) });
    expect(answer).toMatchObject({ status: 422 });
    expect(answer.message).toContain(
      'validation failed due to running out of cost budget, no further validation rules will be run',
    );
  });

  test('a pattern that JavaScript would try for ever takes no time', async () => {
    await defined({ properties: { t: text }, ...rules('!self.t.matches("^(a+)+$") && self.t.find("(a|aa)+b") == ""') });
    const before = performance.now();
    expect(await make({ t: `${'a'.repeat(5000)}!` })).toMatchObject({ status: 201 });
    expect(performance.now() - before).toBeLessThan(2000);
  });

  test('macros within macros are read in a time that their number bounds', async () => {
    let rule = 'true';
    for (let level = 0; level < 40; level += 1) rule = `[1].all(x${level}, ${rule})`;
    const before = performance.now();
    await define({ properties: PROPERTIES, ...rules(rule) });
    expect(performance.now() - before).toBeLessThan(2000);
  });
});
