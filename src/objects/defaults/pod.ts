// Defaults of a pod's spec, wherever a template holds one.

import { type Draft, each, fill, present, within } from '../draft.ts';

export function defaultPodSpec(spec: Draft): void {
  fill(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
  });
  within(spec, 'securityContext');
  if (spec['serviceAccountName'] === undefined && spec['serviceAccount'] !== undefined) {
    spec['serviceAccountName'] = spec['serviceAccount'];
  }
  if (spec['serviceAccountName'] !== undefined) spec['serviceAccount'] = spec['serviceAccountName'];
  for (const container of [...each(spec, 'initContainers'), ...each(spec, 'containers')]) {
    defaultContainer(container, spec['hostNetwork'] === true);
  }
  for (const container of each(spec, 'ephemeralContainers')) defaultContainer(container, false);
  for (const volume of each(spec, 'volumes')) defaultVolume(volume);
}

function defaultContainer(container: Draft, hostNetwork: boolean): void {
  fill(container, { terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' });
  fill(container, { imagePullPolicy: pullPolicy(String(container['image'] ?? '')) });
  const resources = within(container, 'resources');
  const limits = present(resources, 'limits');
  if (limits) fill(within(resources, 'requests'), { ...limits });
  for (const port of each(container, 'ports')) {
    fill(port, { protocol: 'TCP' });
    const number = port['containerPort'];
    if (hostNetwork && number !== undefined) fill(port, { hostPort: number });
  }
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) defaultProbe(present(container, probe));
  for (const hook of ['postStart', 'preStop'])
    defaultHttpGet(present(present(present(container, 'lifecycle'), hook), 'httpGet'));
  for (const variable of each(container, 'env')) {
    const reference = present(present(variable, 'valueFrom'), 'fieldRef');
    if (reference) fill(reference, { apiVersion: 'v1' });
    const resource = present(present(variable, 'valueFrom'), 'resourceFieldRef');
    if (resource) fill(resource, { divisor: '0' });
  }
}

/** 'latest', said or meant, is always pulled; a digest counts as a tag. */
function pullPolicy(image: string): string {
  const rest = image.slice(image.lastIndexOf('/') + 1);
  if (rest.includes('@')) return 'IfNotPresent';
  return !rest.includes(':') || rest.endsWith(':latest') ? 'Always' : 'IfNotPresent';
}

function defaultProbe(probe: Draft | undefined): void {
  if (!probe) return;
  fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  defaultHttpGet(present(probe, 'httpGet'));
  const grpc = present(probe, 'grpc');
  if (grpc) fill(grpc, { service: '' });
}

function defaultHttpGet(get: Draft | undefined): void {
  if (get) fill(get, { path: '/', scheme: 'HTTP' });
}

const MODE = 0o644;

function defaultVolume(volume: Draft): void {
  if (Object.keys(volume).length === 1) within(volume, 'emptyDir');
  for (const source of ['secret', 'configMap', 'projected', 'downwardAPI']) {
    const block = present(volume, source);
    if (block) fill(block, { defaultMode: MODE });
  }
  const hostPath = present(volume, 'hostPath');
  if (hostPath) fill(hostPath, { type: '' });
  const iscsi = present(volume, 'iscsi');
  if (iscsi) fill(iscsi, { iscsiInterface: 'default' });
  for (const source of each(present(volume, 'projected'), 'sources')) {
    const token = present(source, 'serviceAccountToken');
    if (token) fill(token, { expirationSeconds: 3600 });
    defaultDownward(present(source, 'downwardAPI'));
  }
  defaultDownward(present(volume, 'downwardAPI'));
  const claim = present(present(present(volume, 'ephemeral'), 'volumeClaimTemplate'), 'spec');
  if (claim) fill(claim, { volumeMode: 'Filesystem' });
}

function defaultDownward(source: Draft | undefined): void {
  for (const item of each(source, 'items')) {
    const reference = present(item, 'fieldRef');
    if (reference) fill(reference, { apiVersion: 'v1' });
  }
}
