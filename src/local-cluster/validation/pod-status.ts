// What the status of a Pod must hold, when it is written.

import { isIP } from 'node:net';
import { type Json, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { qualifiedProblems } from '../../objects/label-names.ts';
import { type Cause, forbiddenField, invalidValue } from '../status.ts';
import { addressProblems } from './addresses.ts';
import { labelProblems, subdomainProblems } from './names.ts';
import {
  all,
  anyText,
  fields,
  inTurn,
  items,
  needed,
  number,
  optional,
  orEmpty,
  type Rule,
  text,
  word,
} from './rules.ts';

const NOT_NEGATIVE = 'must be a non-negative integer';
const SYSTEM_CONDITIONS = ['PodScheduled', 'Ready', 'Initialized'];

export function podStatus(pod: JsonObject, before: JsonObject): Cause[] {
  const status = objectAt(pod, 'status');
  const [now, old] = [status['qosClass'], objectAt(before, 'status')['qosClass']];
  return [
    ...number((value) => value >= 0, NOT_NEGATIVE)(status['observedGeneration'], 'status.observedGeneration'),
    ...items(fields({ observedGeneration: number((value) => value >= 0, NOT_NEGATIVE) }))(
      status['conditions'],
      'status.conditions',
    ),
    ...listAt(status, 'conditions').flatMap((condition, index) => {
      const type = textAt(condition, 'type');
      const field = `status.conditions[${index}].Type`;
      return SYSTEM_CONDITIONS.includes(type)
        ? []
        : qualifiedProblems(type).map((problem) => invalidValue(field, type, problem));
    }),
    ...text(subdomainProblems)(status['nominatedNodeName'], 'status.nominatedNodeName'),
    ...((now ?? '') === (old ?? '') ? [] : [invalidValue('status.qosClass', now ?? '', 'field is immutable')]),
    ...containerStates(pod, before),
    ...claimStatuses(pod),
    ...containerResources(status),
    ...addressLists(status),
  ];
}

const STATUS_LISTS = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const;

/** A container that has ended for good does not run again. */
function containerStates(pod: JsonObject, before: JsonObject): Cause[] {
  const podPolicy = textAt(pod, 'spec', 'restartPolicy');
  return STATUS_LISTS.flatMap((list) => {
    const policy = list === 'ephemeralContainerStatuses' ? 'Never' : podPolicy;
    if (policy === 'Always') return [];
    return listAt(before, 'status', list).flatMap((old, index) => {
      const ended = objectAt(old, 'state')['terminated'];
      if (ended === undefined || isRestarted(pod, old)) return [];
      if (policy === 'OnFailure' && (numberAt(ended, 'exitCode') ?? 0) !== 0) return [];
      const same = listAt(pod, 'status', list).filter((one) => textAt(one, 'name') === textAt(old, 'name'));
      return same
        .filter((one) => objectAt(one, 'state')['terminated'] === undefined)
        .map(() => forbiddenField(`status.${list}[${index}].state`, 'may not be transitioned to non-terminated state'));
    });
  });
}

const isRestarted = (pod: JsonObject, status: Json): boolean =>
  listAt(pod, 'spec', 'initContainers').some(
    (one) => textAt(one, 'name') === textAt(status, 'name') && textAt(one, 'restartPolicy') === 'Always',
  );

const HEALTHS = ['Healthy', 'Unhealthy', 'Unknown'];

/** How well what the containers were given is. */
function containerResources(status: JsonObject): Cause[] {
  const health = items(fields({ resources: items(fields({ health: word(HEALTHS) })) }));
  return [
    ...['containerStatuses', 'initContainerStatuses'].flatMap((list) =>
      items(fields({ allocatedResourcesStatus: health }))(status[list], `status.${list}`),
    ),
    ...listAt(status, 'ephemeralContainerStatuses').flatMap((one, index) =>
      listAt(one, 'allocatedResourcesStatus').length === 0
        ? []
        : [
            forbiddenField(
              `status.ephemeralContainerStatuses[${index}].allocatedResourcesStatus`,
              'must not be specified in container status',
            ),
          ],
    ),
  ];
}

const namesOf = (pod: JsonObject, list: string): string[] =>
  listAt(pod, 'spec', list).map((one) => textAt(one, 'name'));

/** Which claims of devices were made for the Pod. */
function claimStatuses(pod: JsonObject): Cause[] {
  const claimed: Rule = (value, path) =>
    namesOf(pod, 'resourceClaims').includes(String(value ?? ''))
      ? []
      : [invalidValue(path, value ?? '', 'must match the name of an entry in `spec.resourceClaims`')];
  const container: Rule = (value, path) =>
    ['initContainers', 'containers'].some((list) => namesOf(pod, list).includes(String(value ?? '')))
      ? []
      : [
          invalidValue(
            path,
            value ?? '',
            'must match the name of an entry in spec.initContainers.name or spec.containers.name',
          ),
        ];
  const extended = 'status.extendedResourceClaimStatus';
  const request: Rule = (mapping) =>
    orEmpty(anyText(labelProblems))(objectAt(mapping)['requestName'], `${extended}.requestName`);
  const { resourceClaimStatuses, extendedResourceClaimStatus: own } = objectAt(pod, 'status');
  return [
    ...items(fields({ name: claimed, resourceClaimName: anyText(subdomainProblems) }))(
      resourceClaimStatuses,
      'status.resourceClaimStatuses',
    ),
    ...optional(
      fields({
        requestMappings: inTurn(
          needed('at least one request mapping is required'),
          items(all(fields({ containerName: container }), request)),
        ),
        resourceClaimName: inTurn(needed(), text(subdomainProblems)),
      }),
    )(own, extended),
  ];
}

function addressLists(status: JsonObject): Cause[] {
  const hosts = listAt(status, 'hostIPs');
  const [first] = hosts;
  const isOther = first !== undefined && textAt(first, 'ip') !== textAt(status, 'hostIP');
  const ofList = (list: string): Cause[] =>
    listAt(status, list).flatMap((entry, index) =>
      addressProblems(textAt(entry, 'ip')).map((problem) =>
        invalidValue(`status.${list}[${index}]`, textAt(entry, 'ip'), problem),
      ),
    );
  return [
    ...ofList('podIPs'),
    ...families(status, 'podIPs'),
    ...(isOther ? [invalidValue('status.hostIPs[0].ip', textAt(first, 'ip'), 'must be equal to `hostIP`')] : []),
    ...ofList('hostIPs'),
    ...families(status, 'hostIPs'),
  ];
}

/** Of several addresses there is one of each family. */
function families(status: JsonObject, list: string): Cause[] {
  const ips = listAt(status, list).map((entry) => textAt(entry, 'ip'));
  if (ips.length < 2) return [];
  const broken = ips.findIndex((ip) => isIP(ip) === 0);
  const path = `status.${list}`;
  const message = `failed to check for dual stack with error:invalid IP[${broken}]: ${ips[broken]}`;
  const isDual = broken < 0 && new Set(ips.map((ip) => isIP(ip))).size === 2;
  const shown = ips.map((ip) => ({ IP: ip }));
  return [
    ...(broken < 0 ? [] : [{ field: path, reason: 'InternalError', message } as const]),
    ...(isDual && ips.length === 2
      ? []
      : [invalidValue(path, shown, 'may specify no more than one IP for each IP family')]),
  ];
}
