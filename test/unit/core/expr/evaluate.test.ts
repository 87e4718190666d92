import { beforeAll, describe, expect, test } from 'vitest';
import { evaluate } from '../../../../src/core/expr/evaluate.ts';
import { loadRegExps } from '../../../../src/core/regexp.ts';

const NAMES = {
  app: {
    metadata: { name: 'shop', labels: { team: 'web', 'a.b/c': 'x' } },
    spec: { project: 'default', destination: { namespace: 'shop-prod' } },
    status: {
      health: { status: 'Degraded' },
      resources: [
        { kind: 'Service', n: 1 },
        { kind: 'Deployment', n: 4 },
      ],
    },
  },
  resource: null,
  five: 5,
};

beforeAll(loadRegExps);

describe('a condition in expr', () => {
  test.each<[string, unknown]>([
    ['app.spec.project == "default"', true],
    ["app.spec.project != 'default'", false],
    ['app.metadata.labels.team == "web" and app.metadata.labels["a.b/c"] == "x"', true],
    ['app.metadata.labels.team == "db" or five > 3', true],
    ['not (five >= 6) && !false', true],
    ['not false and false', false],
    ['app.status.health.status in ["Degraded", "Missing"]', true],
    ['app.status.health.status not in ["Healthy"]', true],
    ['"team" in app.metadata.labels', true],
    ['app.spec.destination.namespace contains "-prod"', true],
    ['app.spec.destination.namespace startsWith "shop"', true],
    ['app.spec.destination.namespace not endsWith "-dev"', true],
    ['app.metadata.name matches "^sh(o|i)p$"', true],
    ['app.metadata.labels.missing == nil', true],
    ['app.metadata.labels.missing ?? "none"', 'none'],
    ['missing == nil', true],
    ['resource?.kind == nil', true],
    ['resource?.metadata?.name ?? "x"', 'x'],
    ['five > 3 ? "many" : "few"', 'many'],
    ['false ? 1 : true ? 2 : 3', 2],
    ['1 + 2 * 3 ** 2', 19],
    ['-2 ** 2', -4],
    ['(1 + 2) * 3 % 4', 1],
    ['"a" + "b"', 'ab'],
    ['1..4', [1, 2, 3, 4]],
    ['len(app.status.resources) == 2', true],
    ['len("äö")', 2],
    ['any(app.status.resources, {.kind == "Service"})', true],
    ['all(app.status.resources, {#.n > 2})', false],
    ['none(app.status.resources, .kind == "Pod")', true],
    ['one(app.status.resources, # .n == 4)', true],
    ['count(app.status.resources, {.n > 0})', 2],
    ['filter(app.status.resources, {.n > 2})[0].kind', 'Deployment'],
    ['map(app.status.resources, {.kind})', ['Service', 'Deployment']],
    ['app.status.resources | map(.n) | sum()', 5],
    ['map(1..3, # * #index)', [0, 2, 6]],
    ['app.status.resources[-1].kind', 'Deployment'],
    ['"abcdef"[1:3]', 'bc'],
    ['upper(trim("  x ")) + lower("Y")', 'Xy'],
    ['split("a,b", ",")[1]', 'b'],
    ['{"a": 1, b: [2]}.b[0]', 2],
    ['let x = five * 2; x + 1', 11],
    ['type(five) == "int" && type(nil) == "nil"', true],
    ['0x10 + 1_000', 1016],
    ["'it\\'s' /* a comment */ == \"it's\" // and another", true],
    ['`raw\\n`', 'raw\\n'],
    ['$env.five', 5],
    ['max(1, 7, 3) - min([4, 2])', 5],
    ['keys({a: 1})', ['a']],
    ['fromJSON(`{"a": [1]}`).a[0]', 1],
  ])('%s', (source, expected) => {
    expect(evaluate(source, NAMES)).toEqual(expected);
  });

  test.each([
    ['resource.kind', 'cannot fetch kind from <nil>'],
    ['five.kind', 'cannot fetch kind from int'],
    ['five > "x"', 'invalid operation: int > string'],
    ['five and true', 'mismatched type int'],
    ['any(nil, true)', 'takes only array'],
    ['app.status.resources[9]', 'index out of range: 9'],
    ['"a" matches "["', 'error parsing regexp'],
    ['1..1000000', 'memory budget exceeded'],
    ['nothing(1)', 'unknown name nothing'],
    ['constructor(1)', 'unknown name constructor'],
    ['a ==', 'unexpected token EOF'],
    ['fromJSON("{")', 'invalid JSON'],
    ['a b', 'unexpected token Identifier("b") (1:3)'],
    ['"open', 'unrecognized character'],
    ['(1', 'unexpected token EOF'],
    ['('.repeat(400), 'too many levels'],
  ])('%s is refused', (source, says) => {
    expect(() => evaluate(source, NAMES)).toThrow(says);
  });

  test('no name means what every object has', () => {
    expect(evaluate('constructor == nil and app.toString == nil and app["__proto__"] == nil', NAMES)).toBe(true);
  });
});
