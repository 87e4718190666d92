// Flux: every kind has one Ready condition, whose reason says how far it is.

import type { HealthCheck } from '../check.ts';
import { always, conditionReason, firstOf, flag, forKinds, type Rules, word } from './forms.ts';

const KINDS = {
  'helm.toolkit.fluxcd.io': ['HelmRelease'],
  'image.toolkit.fluxcd.io': ['ImagePolicy', 'ImageRepository', 'ImageUpdateAutomation'],
  'kustomize.toolkit.fluxcd.io': ['Kustomization'],
  'notification.toolkit.fluxcd.io': ['Alert', 'Provider', 'Receiver'],
  'source.toolkit.fluxcd.io': ['Bucket', 'GitRepository', 'HelmChart', 'OCIRepository'],
} as const;

const ready = (kind: string): HealthCheck =>
  firstOf(
    [flag('spec.suspend'), 'Suspended', `${kind} is suspended`],
    [conditionReason('Ready'), 'Healthy'],
    [conditionReason('Ready', 'False'), 'Degraded'],
    [conditionReason('Ready', 'Unknown'), 'Progressing'],
    [always, 'Progressing', `Waiting for ${kind} status`],
  );

const helmRepository: HealthCheck = (object) => {
  const rule = firstOf([
    word('spec.type', 'oci'),
    'Healthy',
    "Helm repositories of type 'oci' do not contain any information in the status.",
  ]);
  return rule(object) ?? ready('HelmRepository')(object);
};

export const FLUX: Rules = {
  ...Object.assign({}, ...Object.entries(KINDS).map(([group, kinds]) => forKinds(group, kinds, ready))),
  'source.toolkit.fluxcd.io/HelmRepository': helmRepository,
};
