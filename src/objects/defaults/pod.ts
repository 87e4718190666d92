// Defaults of a pod's spec, wherever a template holds one.

import { type Draft, each, fill, present, within } from '../draft.ts';
import { aggregate } from '../pod-amounts.ts';

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
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'])
    for (const container of each(spec, list)) defaultContainer(container);
  for (const volume of each(spec, 'volumes')) defaultVolume(volume);
}

/** What a Pod gets that a template of Pods does not. */
export function defaultPod(spec: Draft): void {
  fill(spec, { enableServiceLinks: true });
  if (Number(spec['terminationGracePeriodSeconds']) < 0) spec['terminationGracePeriodSeconds'] = 1;
  for (const container of [...each(spec, 'initContainers'), ...each(spec, 'containers')]) {
    const resources = within(container, 'resources');
    const limits = present(resources, 'limits');
    if (limits) fill(within(resources, 'requests'), { ...limits });
    if (spec['hostNetwork'] !== true) continue;
    for (const port of each(container, 'ports')) {
      const number = port['containerPort'];
      if (number !== undefined && !port['hostPort']) port['hostPort'] = number;
    }
  }
  defaultPodPages(spec);
  defaultPodRequests(spec);
}

/** A Pod that says of itself as a whole what it needs has the huge pages of its containers. */
function defaultPodPages(spec: Draft): void {
  const resources = present(spec, 'resources');
  const given = ['limits', 'requests'].flatMap((part) => Object.keys(present(resources, part) ?? {}));
  if (!resources || given.length === 0) return;
  const pages = [...each(spec, 'containers'), ...each(spec, 'initContainers')]
    .flatMap((one) => Object.keys(present(present(one, 'resources'), 'limits') ?? {}))
    .filter((name) => name.startsWith('hugepages-') && !given.includes(name));
  for (const name of pages) within(resources, 'limits')[name] = aggregate(spec, 'limits', name);
}

/** A Pod with limits as a whole asks for what its containers ask for, or else for as much as it may have. */
function defaultPodRequests(spec: Draft): void {
  const resources = present(spec, 'resources');
  const limits = present(resources, 'limits');
  if (!resources || !limits) return;
  const asked = [...each(spec, 'containers'), ...each(spec, 'initContainers')].flatMap((one) =>
    Object.keys(present(present(one, 'resources'), 'requests') ?? {}),
  );
  const requests = within(resources, 'requests');
  for (const name of asked)
    if (name === 'cpu' || name === 'memory') fill(requests, { [name]: aggregate(spec, 'requests', name) });
  const counted = Object.entries(limits).filter(([name]) => /^(cpu|memory|hugepages-.*)$/.test(name));
  fill(requests, Object.fromEntries(counted));
}

function defaultContainer(container: Draft): void {
  fill(container, { terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' });
  fill(container, { imagePullPolicy: pullPolicy(String(container['image'] ?? '')) });
  within(container, 'resources');
  for (const port of each(container, 'ports')) fill(port, { protocol: 'TCP' });
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

const PART = '[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*';
const HOST_PART = '(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)';
/** The name of an image before its tag: a host, where there is one, and a path. */
const IMAGE_NAME = new RegExp(
  `^(?:${HOST_PART}(?:\\.${HOST_PART})*(?::[0-9]+)?/)?${PART}(?:/${PART})*(?::\\w[\\w.-]{0,127}|@|$)`,
);

/** 'latest', said or meant, is always pulled; a digest counts as a tag. What is no name has no tag that could be meant. */
function pullPolicy(image: string): string {
  if (!IMAGE_NAME.test(image) || image.length > 255) return 'IfNotPresent';
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
  if (Object.keys(volume).every((field) => field === 'name')) within(volume, 'emptyDir');
  for (const source of ['secret', 'configMap', 'projected', 'downwardAPI']) {
    const block = present(volume, source);
    if (block) fill(block, { defaultMode: MODE });
  }
  const image = present(volume, 'image');
  if (image) fill(image, { pullPolicy: pullPolicy(String(image['reference'] ?? '')) });
  defaultSources(volume);
  for (const source of each(present(volume, 'projected'), 'sources')) {
    const token = present(source, 'serviceAccountToken');
    if (token) fill(token, { expirationSeconds: 3600 });
    defaultDownward(present(source, 'downwardAPI'));
  }
  defaultDownward(present(volume, 'downwardAPI'));
  const claim = present(present(volume, 'ephemeral'), 'volumeClaimTemplate');
  if (claim) fill(within(claim, 'spec'), { volumeMode: 'Filesystem' });
}

/** Of volumes of Pods, and of those of the cluster. */
const SOURCES: Readonly<Record<string, Draft>> = {
  azureDisk: { cachingMode: 'ReadWrite', fsType: 'ext4', kind: 'Shared', readOnly: false },
  hostPath: { type: '' },
  iscsi: { iscsiInterface: 'default' },
  rbd: { keyring: '/etc/ceph/keyring', pool: 'rbd', user: 'admin' },
  scaleIO: { fsType: 'xfs', storageMode: 'ThinProvisioned' },
};

export function defaultSources(volume: Draft): void {
  for (const [name, defaults] of Object.entries(SOURCES)) {
    const source = present(volume, name);
    if (source) fill(source, defaults);
  }
}

function defaultDownward(source: Draft | undefined): void {
  for (const item of each(source, 'items')) {
    const reference = present(item, 'fieldRef');
    if (reference) fill(reference, { apiVersion: 'v1' });
  }
}
