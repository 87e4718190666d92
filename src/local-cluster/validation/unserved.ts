// What is stored and does nothing here: whoever writes it is told so.

import { at, isObject, type JsonObject, listAt, textAt } from '../../core/json.ts';

const NO_SERVICES = 'this cluster calls webhooks by url alone: nothing answers behind a Service';

const ofService = (object: JsonObject): string =>
  listAt(object, 'webhooks').some((one) => isObject(at(one, 'clientConfig', 'service'))) ? NO_SERVICES : '';

const UNSERVED: Readonly<Record<string, (object: JsonObject) => string>> = {
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': ofService,
  'admissionregistration.k8s.io/validatingwebhookconfigurations': ofService,
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
