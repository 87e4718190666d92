// What is stored and does nothing here: whoever writes it is told so.

import { type JsonObject, textAt } from '../../core/json.ts';

const NO_WEBHOOKS = 'this cluster stores webhooks of admission and does not call them';

const UNSERVED: Readonly<Record<string, (object: JsonObject) => string>> = {
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': () => NO_WEBHOOKS,
  'admissionregistration.k8s.io/validatingwebhookconfigurations': () => NO_WEBHOOKS,
  'apiextensions.k8s.io/customresourcedefinitions': (object) =>
    textAt(object, 'spec', 'conversion', 'strategy') === 'Webhook'
      ? 'this cluster calls no webhook of conversion: versions differ in their apiVersion alone'
      : '',
};

/** What an object asks for that this cluster does not do. */
export function unservedWarnings(storage: string, object: JsonObject): readonly string[] {
  const warning = UNSERVED[storage]?.(object) ?? '';
  return warning === '' ? [] : [warning];
}
