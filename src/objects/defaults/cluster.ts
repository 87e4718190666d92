// Defaults of what configures the cluster itself: policies of admission, flow control, drivers, devices.

import { type Draft, each, fill, present, within } from '../draft.ts';

/** Which requests a policy is about. */
function defaultMatch(match: Draft): void {
  fill(match, { matchPolicy: 'Equivalent' });
  within(match, 'namespaceSelector');
  within(match, 'objectSelector');
  for (const rule of [...each(match, 'resourceRules'), ...each(match, 'excludeResourceRules')])
    fill(rule, { scope: '*' });
}

export function defaultPolicy(object: Draft): void {
  const spec = within(object, 'spec');
  fill(spec, { failurePolicy: 'Fail' });
  const match = present(spec, 'matchConstraints');
  if (match) defaultMatch(match);
}

export function defaultPolicyBinding(object: Draft): void {
  const match = present(within(object, 'spec'), 'matchResources');
  if (match) defaultMatch(match);
}

/** Sets what is not set, or nothing. */
function fillZeros(draft: Draft, defaults: Readonly<Record<string, number | string>>): void {
  for (const [key, value] of Object.entries(defaults)) if (!draft[key]) draft[key] = value;
}

export function defaultFlowSchema(object: Draft): void {
  fillZeros(within(object, 'spec'), { matchingPrecedence: 1000 });
}

export function defaultPriorityLevel(object: Draft): void {
  const spec = within(object, 'spec');
  const exempt = present(spec, 'exempt');
  if (exempt) fill(exempt, { nominalConcurrencyShares: 0, lendablePercent: 0 });
  const limited = present(spec, 'limited');
  if (!limited) return;
  fill(limited, { nominalConcurrencyShares: 30, lendablePercent: 0 });
  const queuing = present(present(limited, 'limitResponse'), 'queuing');
  if (queuing) fillZeros(queuing, { queues: 64, handSize: 8, queueLengthLimit: 50 });
}

export function defaultDriver(object: Draft): void {
  fill(within(object, 'spec'), {
    attachRequired: true,
    podInfoOnMount: false,
    volumeLifecycleModes: ['Persistent'],
    storageCapacity: false,
    fsGroupPolicy: 'ReadWriteOnceWithFSType',
    requiresRepublish: false,
    seLinuxMount: false,
  });
}

/** A service that answers for the API listens where HTTPS does. */
export function defaultServicePort(owner: Draft | undefined): void {
  const service = present(owner, 'service');
  if (service) fill(service, { port: 443 });
}

function defaultDeviceRequest(request: Draft): void {
  fillZeros(request, { allocationMode: 'ExactCount' });
  if (request['allocationMode'] === 'ExactCount') fillZeros(request, { count: 1 });
  for (const toleration of each(request, 'tolerations')) fillZeros(toleration, { operator: 'Equal' });
}

/** What was given to a claim keeps what was tolerated for it. */
export function defaultGivenDevices(status: Draft | undefined): void {
  for (const result of each(present(present(status, 'allocation'), 'devices'), 'results'))
    for (const toleration of each(result, 'tolerations')) fillZeros(toleration, { operator: 'Equal' });
}

export function defaultDeviceClaim(spec: Draft | undefined): void {
  for (const request of each(present(spec, 'devices'), 'requests')) {
    const exactly = present(request, 'exactly');
    if (exactly) defaultDeviceRequest(exactly);
    for (const subrequest of each(request, 'firstAvailable')) defaultDeviceRequest(subrequest);
  }
}
