// Columns of metrics.

import { listAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { sumQuantities } from '../../objects/quantity.ts';
import { type Column, cell, NAME, text } from './column.ts';

const total = (name: string): Column =>
  cell(name, (object: KubeObject) =>
    sumQuantities(listAt(object, 'containers').map((one) => textAt(one, 'usage', name))),
  );

export const METRICS_COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  'metrics.k8s.io/nodes': [NAME, text('cpu', 'usage.cpu'), text('memory', 'usage.memory'), text('Window', 'window')],
  'metrics.k8s.io/pods': [NAME, total('cpu'), total('memory'), text('Window', 'window')],
};
