// Metrics of an autoscaler in the words of its first version, as a real API server writes them, and back.

import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/core/json.ts';
import { type Side, toFirst, toSecond } from '../../../src/objects/first-metrics.ts';

const selector = { matchLabels: { a: 'b' } };
const service = { kind: 'Service', name: 's', apiVersion: 'v1' };

/** What the first version cannot leave out is not there on the way back. */
test.each<[Side, string, JsonObject, string]>([
  [
    'target',
    'Resource',
    { name: 'memory', target: { type: 'Utilization', averageUtilization: 6 } },
    '{"name":"memory","targetAverageUtilization":6}',
  ],
  [
    'target',
    'Pods',
    { metric: { name: 'p', selector }, target: { type: 'AverageValue', averageValue: '1' } },
    '{"metricName":"p","targetAverageValue":"1","selector":{"matchLabels":{"a":"b"}}}',
  ],
  [
    'target',
    'Object',
    { metric: { name: 'o' }, describedObject: service, target: { type: 'AverageValue', averageValue: '3' } },
    '{"target":{"kind":"Service","name":"s","apiVersion":"v1"},"metricName":"o","targetValue":"0","averageValue":"3"}',
  ],
  [
    'target',
    'External',
    { metric: { name: 'e', selector }, target: { type: 'Value', value: '4' } },
    '{"metricName":"e","metricSelector":{"matchLabels":{"a":"b"}},"targetValue":"4"}',
  ],
  [
    'target',
    'ContainerResource',
    { name: 'memory', container: 'c', target: { type: 'AverageValue', averageValue: '5' } },
    '{"name":"memory","targetAverageValue":"5","container":"c"}',
  ],
  [
    'current',
    'Resource',
    { name: 'cpu', current: { averageUtilization: 5, averageValue: '9m' } },
    '{"name":"cpu","currentAverageUtilization":5,"currentAverageValue":"9m"}',
  ],
  [
    'current',
    'Object',
    { metric: { name: 'o', selector }, describedObject: service, current: { value: '2' } },
    '{"target":{"kind":"Service","name":"s","apiVersion":"v1"},"metricName":"o","currentValue":"2","selector":{"matchLabels":{"a":"b"}}}',
  ],
])('%s of %s', (side, type, metric, written) => {
  const part = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  const first = toFirst({ type, [part]: metric }, side);
  expect(JSON.stringify(first)).toBe(`{"type":"${type}","${part}":${written}}`);
  expect(toSecond(first, side)).toEqual({ type, [part]: metric });
});

test('a metric in the words of the second version is left as it is', () => {
  const metric = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Value', value: '1' } } };
  expect(toSecond(metric, 'target')).toBe(metric);
  expect(toFirst({ type: 'Other', other: {} }, 'target')).toEqual({ type: 'Other', other: {} });
});
