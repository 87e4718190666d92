// What the object in the cluster says of its owner, and what of that contradicts the lists of the applications.

import { getResource } from '../../../../api/resources.ts';
import { getSettings } from '../../../../api/sessions.ts';
import type { Client } from '../../../../client/client.ts';
import { HawserError } from '../../../../core/errors.ts';
import { textAt } from '../../../../core/json.ts';
import { omitUndefined } from '../../../../core/omit-undefined.ts';
import { type Application, qualifiedName } from '../../../../model/application.ts';
import { labelOf, type OwnedResource, type TrackingMethod } from '../../../../model/ownership.ts';
import { TRACKING_ANNOTATION } from '../../../../model/tracking.ts';
import type { Claim } from './claims.ts';

export interface Tracking {
  readonly method: TrackingMethod;
  /** The application that it names; '' where it names none. */
  readonly instance: string;
  /** Whether the annotation was written for another object: a copy does not count. */
  readonly isCopy: boolean;
}

const SILENT: Tracking = { method: 'none', instance: '', isCopy: false };

/** How the server marks what it deploys: the key of its label. */
export async function labelKeyOf(client: Client): Promise<string> {
  const { appLabelKey, trackingMethod } = await client.call(getSettings, {}).catch(() => ({
    appLabelKey: undefined,
    trackingMethod: undefined,
  }));
  return trackingMethod === 'annotation' ? '' : appLabelKey || 'app.kubernetes.io/instance';
}

export async function trackingOf(claim: Claim, labelKey: string, client: Client): Promise<Tracking> {
  const { application, resource, version, through } = claim;
  if (through !== '') return SILENT;
  const { name, namespace } = application.metadata;
  try {
    const { manifest = '' } = await client.call(getResource, {
      name,
      ...omitUndefined({ appNamespace: namespace }),
      group: resource.group,
      kind: resource.kind,
      namespace: resource.namespace,
      resourceName: resource.name,
      version,
    });
    return trackingIn(JSON.parse(manifest), resource, labelKey);
  } catch (thrown) {
    const isAbsent = thrown instanceof HawserError && thrown.code === 'not-found';
    return { ...SILENT, method: isAbsent ? 'absent' : 'unknown' };
  }
}

function trackingIn(object: unknown, resource: OwnedResource, labelKey: string): Tracking {
  const id = textAt(object, 'metadata', 'annotations', TRACKING_ANNOTATION);
  const [, instance = '', group = '', kind = '', namespace = '', name = ''] =
    /^([^:]+):([^/:]*)\/([^:/]+):([^/:]*)\/(.+)$/.exec(id) ?? [];
  if (instance !== '') {
    const isSame = kind === resource.kind && name === resource.name && group === resource.group;
    const isHere = resource.namespace === '' || resource.namespace === namespace;
    return { method: 'annotation', instance, isCopy: !(isSame && isHere) };
  }
  const label = labelKey === '' ? '' : textAt(object, 'metadata', 'labels', labelKey);
  return label === '' ? SILENT : { method: 'label', instance: label, isCopy: false };
}

export interface TrackedClaim extends Claim {
  readonly tracking: Tracking;
}

/** What does not fit together of what is said about one resource. */
export function contradictionsOf(claims: readonly TrackedClaim[], applications: readonly Application[]): string[] {
  const [first] = claims;
  if (!first) return [];
  const label = labelOf(first.resource);
  const names = claims.map(({ application }) => `'${qualifiedName(application)}'`);
  const shared =
    claims.length > 1 ? [`${label} belongs to ${names.join(' and ')}: each sync takes it from the other`] : [];
  const tracking = claims.find((claim) => claim.tracking.instance !== '')?.tracking ?? first.tracking;
  return [...shared, ...trackingContradictions(tracking, { claims, applications, label })];
}

interface Situation {
  readonly claims: readonly TrackedClaim[];
  readonly applications: readonly Application[];
  readonly label: string;
}

function trackingContradictions(tracking: Tracking, { claims, applications, label }: Situation): string[] {
  const { method, instance, isCopy } = tracking;
  const owners = claims.map(({ application }) => `'${qualifiedName(application)}'`).join(' and ');
  // Definitions are shared by everything that uses them, and never marked.
  if (method === 'none' && claims[0]?.resource.kind !== 'CustomResourceDefinition')
    return [
      `${label} is listed by ${owners}, but the object in the cluster names no application: it was made by something else`,
    ];
  if (instance === '') return [];
  if (isCopy) return [`the tracking annotation of ${label} was written for another object: it is a copy`];
  if (claims.some(({ application }) => isInstance(application, instance))) return [];
  const named = applications.find((application) => isInstance(application, instance));
  return named
    ? [`the ${method} of ${label} names '${qualifiedName(named)}', which does not list it; ${owners} does`]
    : [`the ${method} of ${label} names '${instance}', and there is no such application that you can see`];
}

/** Outside the namespace of Argo CD the namespace is part of it. */
const isInstance = ({ metadata: { name, namespace = '' } }: Application, instance: string): boolean =>
  instance === name || instance === `${namespace}_${name}`;
