// What is done to a container from outside: probes, hooks.

import { isObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, forbiddenField, invalidValue, required } from '../status.ts';
import {
  all,
  at,
  fields,
  known,
  needed,
  notNegative,
  optional,
  portNumber,
  portOrName,
  positive,
  type Rule,
} from './rules.ts';

const HEADER =
  "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";

/** Headers are told of under the field of all. */
const httpHeaders: Rule = (value, path) =>
  listAt(value)
    .map((header) => textAt(header, 'name'))
    .filter((name) => !/^[-A-Za-z0-9]+$/.test(name))
    .map((name) => invalidValue(path, name, HEADER));

const WAYS: Readonly<Record<string, Rule>> = {
  exec: fields({ command: needed() }),
  httpGet: fields({ path: needed(), port: portOrName, httpHeaders, scheme: known(['HTTP', 'HTTPS']) }),
  tcpSocket: fields({ port: portOrName }),
  grpc: fields({ port: (value, path) => portNumber(value ?? 0, path) }),
};

/** The one way to ask a container that is chosen among some; the first that is there counts. */
const handler =
  (ways: Readonly<Record<string, Rule>>): Rule =>
  (value, path) => {
    const given = objectAt(value);
    const present = Object.keys(ways).filter((way) => isObject(given[way]));
    if (present.length === 0) return [required(path, 'must specify a handler type')];
    return present.flatMap((way, index) =>
      index === 0
        ? (ways[way]?.(given[way], at(path, way)) ?? [])
        : [forbiddenField(at(path, way), 'may not specify more than 1 handler type')],
    );
  };

const { grpc: _grpc, ...HOOKS } = WAYS;

/** A hook may also wait, for less than the Pod is given to end. */
export const lifecycle = (grace: number): Rule => {
  const sleep: Rule = (value, path) => {
    const seconds = numberAt(value, 'seconds') ?? 0;
    const message = `must be non-negative and less than terminationGracePeriodSeconds (${grace})`;
    return seconds < 0 || seconds > grace ? [invalidValue(path, seconds, message)] : [];
  };
  const hook = optional(handler({ ...HOOKS, sleep }));
  return fields({ postStart: hook, preStop: hook });
};

const probe: Rule = all(
  handler(WAYS),
  fields({
    initialDelaySeconds: notNegative,
    timeoutSeconds: notNegative,
    periodSeconds: notNegative,
    successThreshold: notNegative,
    failureThreshold: notNegative,
    terminationGracePeriodSeconds: positive,
  }),
);

/** Of what makes a container start anew, one success is success. */
const restartingProbe: Rule = all(probe, (value, path) => {
  const threshold = numberAt(value, 'successThreshold') ?? 1;
  return threshold === 1 ? [] : [invalidValue(at(path, 'successThreshold'), threshold, 'must be 1')];
});

/** A container that is not ready is not ended, so there is nothing to give time for. */
const readinessProbe: Rule = all(probe, (value, path) => {
  const grace = numberAt(value, 'terminationGracePeriodSeconds');
  const field = at(path, 'terminationGracePeriodSeconds');
  return grace === undefined ? [] : [invalidValue(field, grace, 'must not be set for readinessProbes')];
});

export const PROBES: Readonly<Record<string, Rule>> = {
  livenessProbe: optional(restartingProbe),
  readinessProbe: optional(readinessProbe),
  startupProbe: optional(restartingProbe),
};

const ONLY_SIDECARS = 'may not be set for init containers without restartPolicy=Always';

export const sidecarOnly: Rule = (value, path): Cause[] =>
  ['lifecycle', ...Object.keys(PROBES)]
    .filter((field) => objectAt(value)[field] !== undefined)
    .map((field) => forbiddenField(at(path, field), ONLY_SIDECARS));
