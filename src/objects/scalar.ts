// Texts that Kubernetes' types read and write again in one way: quantities, times, bytes.

import { isAsWritten, RFC3339, RFC3339_MICRO } from '../core/go-time.ts';
import type { Json } from '../core/json.ts';
import { formatDuration, parseDuration } from '../core/time.ts';
import { canonicalQuantity } from './quantity.ts';
import type { Schema } from './schema.ts';

const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
export const MICRO_TIME = 'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime';
export const TIME = 'io.k8s.apimachinery.pkg.apis.meta.v1.Time';
const NUMBER_OR_TEXT = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';

export const isQuantity = (schema: Schema | undefined): boolean => schema?.$ref === QUANTITY;

export const isNumberOrText = (schema: Schema | undefined): boolean => schema?.$ref === NUMBER_OR_TEXT;

/** The text that an API server writes for a value of this type; a value that it would refuse stays as it is. */
export function canonicalScalar(value: Json, schema: Schema | undefined): Json {
  if (isQuantity(schema) && (typeof value === 'string' || typeof value === 'number'))
    return quantityText(String(value));
  if (typeof value !== 'string') return value;
  if (schema?.$ref === TIME) return timeText(value, 0);
  if (schema?.$ref === MICRO_TIME) return timeText(value, 6);
  if (schema?.format === 'duration') return durationText(value);
  return schema?.format === 'byte' ? bytesText(value) : value;
}

function durationText(text: string): string {
  try {
    return formatDuration(parseDuration(text));
  } catch {
    return text;
  }
}

function quantityText(text: string): string {
  try {
    return canonicalQuantity(text);
  } catch {
    return text;
  }
}

const TIME_FORM = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:[.,](\d+))?([Zz]|[+-]\d{2}:\d{2})$/;

/** In UTC, with so many digits of the second. */
function timeText(text: string, digits: number): string {
  if (isAsWritten(text, digits === 0 ? RFC3339 : RFC3339_MICRO)) return text;
  const match = TIME_FORM.exec(text);
  if (!match) return text;
  const [, date, time, fraction = '', zone = ''] = match;
  const seconds = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  if (Number.isNaN(seconds)) return text;
  const decimals = digits === 0 ? '' : `.${fraction.slice(0, digits).padEnd(digits, '0')}`;
  return new Date(seconds).toISOString().replace('.000Z', `${decimals}Z`);
}

/** Line breaks in base64 mean nothing. */
function bytesText(text: string): string {
  const packed = text.replace(/[\r\n]/g, '');
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(packed) ? packed : text;
}
