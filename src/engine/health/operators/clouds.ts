// What stands for things in a cloud: Crossplane, Google's Config Connector, Amazon's controllers, Azure's, SAP's, IAM roles.

import { listAt, objectAt, textAt } from '../../../core/json.ts';
import type { KubeObject } from '../../../objects/object.ts';
import { type HealthCheck, health, parsedConditions, type ResourceHealth } from '../check.ts';
import {
  always,
  condition,
  conditionOutdated,
  conditionReason,
  findCondition,
  firstOf,
  forKinds,
  has,
  lacks,
  outdated,
  type Rules,
  wordAt,
} from './forms.ts';

/** A managed resource: `Synced` says whether the last write came through, `Ready` whether it can be used. */
const managed = (what: string): HealthCheck =>
  firstOf(
    [condition('Synced', 'False', 'ReconcilePaused'), 'Suspended', 'ReconcilePaused'],
    [condition('Synced', 'False'), 'Degraded'],
    [conditionReason('Ready'), 'Healthy'],
    [always, 'Progressing', `Waiting for ${what} to be available`],
  );

/** By group of provider-aws: what its kinds are called while they are waited for. */
const AMAZON = {
  'cloudfront.aws.crossplane.io': { Distribution: 'distribution' },
  'iam.aws.crossplane.io': { Policy: 'policy', Role: 'role', RolePolicyAttachment: 'rolepolicyattachment' },
  'rds.aws.crossplane.io': { DBCluster: 'DBCluster', DBInstance: 'DBInstance' },
  'route53.aws.crossplane.io': { ResourceRecordSet: 'resourcerecordset' },
  's3.aws.crossplane.io': { Bucket: 'bucket' },
} as const;

const amazonRules: Rules = Object.fromEntries(
  Object.entries(AMAZON).flatMap(([group, kinds]) =>
    Object.entries(kinds).map(([kind, what]) => [`${group}/${kind}`, managed(what)]),
  ),
);

/** A package: that it is installed does not mean that it is healthy. */
const crossplanePackage =
  (what: string): HealthCheck =>
  (object) => {
    const [installed, healthy] = [findCondition(object, 'Installed'), findCondition(object, 'Healthy')];
    const told = [installed, healthy].flatMap((each) => each ?? []);
    const reasons = told.map(({ reason }) => reason).join(' ');
    if (told.some(({ status }) => status === 'False')) return health('Degraded', reasons);
    const isWell = told.length === 2 && told.every(({ status }) => status === 'True');
    return isWell ? health('Healthy', reasons) : health('Progressing', `Waiting for ${what} to be installed`);
  };

/** Kinds that only configure others. */
const WITHOUT_STATUS = [
  'ClusterProviderConfig',
  'Composition',
  'CompositionRevision',
  'ControllerConfig',
  'DeploymentRuntimeConfig',
  'EnvironmentConfig',
  'ImageConfig',
  'ProviderConfig',
  'ProviderConfigUsage',
  'StoreConfig',
];

const UP_TO_DATE = 'Resource is up-to-date.';

/** Whatever else is Crossplane's: composite resources, definitions, packages, managed resources of any provider. */
function crossplane(object: KubeObject): ResourceHealth {
  if (Object.keys(objectAt(object, 'status')).length === 0 && WITHOUT_STATUS.includes(object.kind))
    return health('Healthy', UP_TO_DATE);
  const failed = findCondition(object, 'LastAsyncOperation', 'False') ?? findCondition(object, 'Synced', 'False');
  if (failed?.reason === 'ReconcilePaused') return health('Suspended', failed.message || failed.reason);
  if (failed) return health('Degraded', failed.message);
  const broken = ['Healthy', 'Installed', 'RevisionHealthy', 'ValidPipeline', 'Established', 'Offered'].flatMap(
    (type) => findCondition(object, type) ?? [],
  );
  const unwell = broken.find(({ status }) => status === 'False');
  if (unwell) return health('Degraded', unwell.message || unwell.reason);
  const isReady = findCondition(object, 'Ready', 'True') !== undefined;
  const isOffered = broken.length > 0 && broken.every(({ status }) => status === 'True');
  if (isReady || (isOffered && !findCondition(object, 'Ready'))) return health('Healthy', UP_TO_DATE);
  if (object.kind === 'ProviderConfig' && has('status.users')(object) !== undefined)
    return health('Healthy', 'Resource is in use.');
  return health('Progressing', 'Provisioning ...');
}

/** The reasons of Config Connector that something has failed by; the others are steps on the way. */
const CONNECTOR_FAULT = /Failed$|^Dependency|^ManagementConflict$|^Unmanage/;

function configConnector(object: KubeObject): ResourceHealth {
  const { kind, status } = { kind: object.kind, status: objectAt(object, 'status') };
  if (typeof status['healthy'] === 'boolean' && outdated(object) === undefined)
    return status['healthy'] ? health('Healthy', `${kind} is healthy`) : health('Degraded', `${kind} is not healthy`);
  const ready = findCondition(object, 'Ready');
  if (!ready || outdated(object) !== undefined) return health('Progressing', 'Update in progress');
  if (ready.status === 'True') return health('Healthy', ready.message);
  return health(CONNECTOR_FAULT.test(ready.reason) ? 'Degraded' : 'Progressing', ready.message);
}

/** Amazon's controllers: a terminal condition needs a new spec, a recoverable one comes right by itself. */
const amazonController = firstOf(
  [condition('ACK.Terminal'), 'Degraded'],
  [condition('ACK.Recoverable'), 'Degraded'],
  [condition('ACK.ResourceSynced'), 'Healthy'],
  [condition('Ready'), 'Healthy'],
  [condition('ACK.ResourceSynced', 'False'), 'Progressing'],
  [always, 'Progressing', 'Waiting for resource to be synced'],
);

/** Azure tells by the severity of the reason why it is not ready: a warning passes, an error does not. */
function azure(object: KubeObject): ResourceHealth {
  const entry = listAt(object, 'status', 'conditions').find((each) => textAt(each, 'type') === 'Ready');
  const [{ status = '', message = '' } = {}] = parsedConditions(entry ? [entry] : []);
  if (status === 'True') return health('Healthy', message);
  if (status === 'False' && textAt(entry, 'severity') === 'Error') return health('Degraded', message);
  return health('Progressing', message || 'Waiting for resource to be ready');
}

const sap = (): HealthCheck =>
  firstOf(
    [(object) => (object.metadata.deletionTimestamp ? '' : undefined), 'Progressing', 'Resource is being deleted'],
    [lacks('status.conditions'), 'Progressing', 'Waiting for status'],
    [conditionOutdated('Ready'), 'Progressing', 'Waiting for spec update to be observed'],
    [conditionOutdated('Succeeded'), 'Progressing', 'Waiting for spec update to be observed'],
    [condition('Failed'), 'Degraded'],
    [condition('Succeeded', 'False'), 'Progressing'],
    [condition('Ready'), 'Healthy', 'Ready to use'],
    [condition('Ready', 'False'), 'Progressing'],
    [always, 'Progressing', 'Waiting for status'],
  );

const stack: HealthCheck = (object) => {
  const conditions = parsedConditions(listAt(object, 'status', 'conditionedStatus', 'conditions'));
  const find = (type: string): (typeof conditions)[number] | undefined => conditions.find((each) => each.type === type);
  const [synced, ready] = [find('Synced'), find('Ready')];
  if (synced?.status === 'False') return health('Degraded', synced.message || synced.reason);
  if (ready?.status === 'True') return health('Healthy', ready.reason);
  return health('Progressing', ready?.reason || 'Waiting for stack to be installed');
};

function iamRole(object: KubeObject): ResourceHealth {
  const state = wordAt(object, 'status.state');
  const [name, arn, id] = ['roleName', 'roleARN', 'roleID'].map(
    (field) => wordAt(object, `status.${field}`) || '<none>',
  );
  const error = wordAt(object, 'status.errorDescription');
  const retries = objectAt(object, 'status')['retryCount'];
  const tries = typeof retries === 'number' && retries > 0 ? ` (retry ${retries})` : '';
  if (state === 'Ready') return health('Healthy', `Role '${name}' exists with ARN '${arn}' and ID '${id}'.`);
  if (state === '') return health('Progressing', 'Waiting for Iamrole to be reconciled');
  return health(
    'Degraded',
    `Failed to reconcile the Iamrole${tries} for role '${name}' with ARN '${arn}' and ID '${id}'. Reconciliation error was: ${error}`,
  );
}

export const CLOUDS: Rules = {
  ...amazonRules,
  'pkg.crossplane.io/Provider': crossplanePackage('provider'),
  'pkg.crossplane.io/Configuration': crossplanePackage('configuration'),
  'pkg.crossplane.io/Function': crossplanePackage('function'),
  ...forKinds('stacks.crossplane.io', ['ClusterStackInstall', 'StackInstall'], () => stack),
  '*.crossplane.io/*': crossplane,
  '*.upbound.io/*': crossplane,
  '*.cnrm.cloud.google.com/*': configConnector,
  '*.services.k8s.aws/*': amazonController,
  '*.azure.com/*': azure,
  ...forKinds('services.cloud.sap.com', ['ServiceBinding', 'ServiceInstance'], sap),
  'iammanager.keikoproj.io/Iamrole': iamRole,
};
