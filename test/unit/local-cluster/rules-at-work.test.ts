// Rules of a definition at objects: which of several faults is told, what a null is, and what addresses are.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { type JsonObject, listAt, textAt } from '../../../src/core/json.ts';
import { type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';
import { definitionOf } from '../../support/simulated-kinds.ts';

let kube: KubeCalls;
beforeEach(async () => {
  kube = await openKubeCalls(systemClock);
});
afterEach(() => kube.close());

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const THINGS = '/apis/example.com/v1/namespaces/default/things';

/** What is said of each rule that an object breaks. */
async function broken(properties: JsonObject, spec: JsonObject, rules: readonly string[]): Promise<string[]> {
  const validations = rules.map((rule) => ({ rule }));
  const schema = { type: 'object', properties, 'x-kubernetes-validations': validations };
  const whole = { type: 'object', properties: { spec: schema } };
  await kube.call('POST', DEFINITIONS, definitionOf({ group: 'example.com', kind: 'Thing', schema: whole }));
  await expect.poll(async () => (await kube.call('GET', THINGS)).status).toBe(200);
  const thing = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' }, spec };
  const { body } = await kube.call('POST', THINGS, thing);
  return listAt(body, 'details', 'causes').map((cause) =>
    textAt(cause, 'message').replace(/^Invalid value: (?:"object": )?(.*?)(?: evaluating rule: .*)?$/s, '$1'),
  );
}

const text = { type: 'string', maxLength: 60 };

test('the first of several faults is told', async () => {
  const told = await broken({ a: text, b: text, l: { type: 'array', maxItems: 3, items: text } }, {}, [
    'self.a.matches(self.b)',
    'self.a == self.b',
    '[self.a, self.b].size() == 0',
    'bool(self.a) && bool(self.b)',
    'bool(self.a) || bool(self.b)',
    'bool(self.a) || true',
    'true || bool(self.b)',
    'self.a.startsWith(self.l[0])',
  ]);
  expect(told).toEqual(Array.from({ length: 6 }, () => 'no such key: a'));
});

test('a field that is null is none, an entry of a map is one', async () => {
  const nullable = { ...text, nullable: true };
  const properties = {
    n: nullable,
    m: { type: 'object', maxProperties: 3, additionalProperties: nullable },
    l: { type: 'array', maxItems: 3, items: nullable },
  };
  const told = await broken(properties, { n: null, m: { a: null }, l: [null] }, [
    'has(self.n)',
    'self.?n.hasValue()',
    "self.n == 'a'",
    'has(self.m.a) && self.m.size() == 1 && self.l.size() == 1',
  ]);
  expect(told).toEqual(['failed rule: has(self.n)', 'failed rule: self.?n.hasValue()', 'no such key: n']);
});

const unread = (address: string, why: string): string =>
  `IP Address "${address}" parse error during conversion from string: ParseAddr("${address}"): ${why}`;
const UNREAD = 'network address parse error during conversion from string: ';

test.each([
  ['a', unread('a', 'unable to parse IP')],
  ['foo.io', unread('foo.io', 'unexpected character (at "foo.io")')],
  ['1.2.3', unread('1.2.3', 'IPv4 address too short')],
  ['1.2.3.4.5', unread('1.2.3.4.5', 'IPv4 address too long')],
  ['1.2.3.256', unread('1.2.3.256', 'IPv4 field has value >255')],
  ['1.2.3.04', unread('1.2.3.04', 'IPv4 field has octet with leading zero')],
  ['1.2.3.', unread('1.2.3.', 'IPv4 field must have at least one digit (at ".")')],
  [':', unread(':', 'each colon-separated field must have at least one digit (at ":")')],
  ['12345::', unread('12345::', 'each group must have 4 or less digits (at "12345::")')],
  ['::1:', unread('::1:', 'colon must be followed by more characters (at ":")')],
  ['::1/64', unread('::1/64', 'unexpected character, want colon (at "/64")')],
  ['1::2::3', unread('1::2::3', 'multiple :: in address (at ":3")')],
  ['1:2', unread('1:2', 'address string too short')],
  ['1:2:3:4:5:6:7:8:9', unread('1:2:3:4:5:6:7:8:9', 'trailing garbage after address (at "9")')],
  ['1:2:3:4:5:6:7:8::', unread('1:2:3:4:5:6:7:8::', 'the :: must expand to at least one field of zeros')],
  ['::1.2.3', unread('::1.2.3', 'IPv4 address too short')],
  ['1%eth', unread('1%eth', 'missing IPv6 address')],
  ['fe80::1%', unread('fe80::1%', 'zone must be a non-empty string')],
  ['fe80::1%eth0', 'IP address "fe80::1%eth0" with zone value is not allowed'],
  ['::ffff:1.2.3.4', 'IPv4-mapped IPv6 address "::ffff:1.2.3.4" is not allowed'],
  ['::01', undefined],
])('what is no address: %s', async (s, fault) => {
  expect(await broken({ s: text }, { s }, ['ip(self.s).isLoopback()'])).toEqual(fault === undefined ? [] : [fault]);
});

test.each([
  ['1.2.3.4/08', `${UNREAD}${UNREAD}netip.ParsePrefix("1.2.3.4/08"): bad bits after slash: "08"`],
  [
    '1.2.3.4/8/8',
    `${UNREAD}${UNREAD}netip.ParsePrefix("1.2.3.4/8/8"): ParseAddr("1.2.3.4/8"): unexpected character (at "/8")`,
  ],
  ['1.2.3.4/1234', `${UNREAD}${UNREAD}netip.ParsePrefix("1.2.3.4/1234"): prefix length out of range`],
  ['fe80::1%e/8', `${UNREAD}${UNREAD}netip.ParsePrefix("fe80::1%e/8"): IPv6 zones cannot be present in a prefix`],
  ['::ffff:1.2.3.4/96', `${UNREAD}IPv4-mapped IPv6 address "::ffff:1.2.3.4/96" is not allowed`],
])('what is no range of addresses: %s', async (s, fault) => {
  expect(await broken({ s: text }, { s }, ['cidr(self.s).prefixLength() < 0'])).toEqual([fault]);
});
