// What is computed on demand: managed resources, the tree, manifests. Nothing of it is stored.

import { LAST_APPLIED_ANNOTATION } from '../engine/diff/normalise.ts';
import { FIELD_MANAGER } from '../engine/diff/predict.ts';
import { maskSecrets } from '../engine/diff/secrets.ts';
import { compareWithDryRun } from '../engine/diff/server-side.ts';
import type { TreeRoot } from '../engine/resource/tree.ts';
import { hasCompareOption } from '../engine/sync/options.ts';
import type { Application, Health } from '../model/application.ts';
import type { ManagedResource, ResourceNode } from '../model/resource.ts';
import type { SentFiles } from '../model/sent-files.ts';
import type { Cluster } from '../objects/cluster.ts';
import { type KubeObject, versionOf, withAnnotations } from '../objects/object.ts';
import { type CompareResult, compareApplication, failOnConditions } from './compare.ts';
import type { ComparedResource } from './compare-pair.ts';
import { type ComparisonRules, comparisonRules } from './comparison-rules.ts';
import type { ControllerPorts } from './ports.ts';
import { renderApplication } from './rendering.ts';
import { resourceTree } from './resource-tree.ts';

export interface InspectOptions {
  readonly revisions?: readonly string[];
  readonly noCache?: boolean;
}

export interface DifferenceOptions {
  readonly revisions?: readonly string[];
  readonly files?: SentFiles;
  readonly dryRun: boolean;
}

export interface InspectedTree {
  readonly nodes: readonly ResourceNode[];
  /** What no application manages, where the project has it looked for. */
  readonly orphanedNodes: readonly ResourceNode[];
}

export interface Inspector {
  /** None where the states cannot be known. */
  managedResources(app: Application): Promise<ManagedResource[]>;
  /** What would change; the cluster itself is asked by dry runs where `dryRun` says so. */
  differences(app: Application, options: DifferenceOptions): Promise<ManagedResource[]>;
  tree(app: Application): Promise<InspectedTree>;
  /** As they were rendered, in their order, Secrets masked; of other revisions where given. */
  manifests(app: Application, options: InspectOptions): Promise<KubeObject[]>;
  /** The health of each resource by group, kind, namespace and name. */
  health(
    app: Application,
  ): Promise<(group: string, kind: string, namespace: string, name: string) => Health | undefined>;
}

export function createInspector(ports: ControllerPorts): Inspector {
  /** By the revision that was compared last: reading must not wait for a repository. */
  function compare(
    app: Application,
    options: InspectOptions & { readonly files?: SentFiles } = {},
  ): Promise<CompareResult> {
    const { sync } = app.status ?? {};
    const last = sync?.revisions?.length ? sync.revisions : sync?.revision ? [sync.revision] : undefined;
    const revisions = options.revisions ?? last;
    return compareApplication(ports, app, {
      forceResolve: false,
      noCache: options.noCache ?? false,
      files: options.files,
      ...(revisions ? { revisions } : {}),
    });
  }

  return {
    managedResources: async (app) => {
      const { resources, syncStatus } = await compare(app);
      return syncStatus === 'Unknown' ? [] : resources.map(managedResource);
    },
    differences: async (app, { revisions, files, dryRun }) => {
      const result = await compare(app, { files, ...(revisions ? { revisions } : {}) });
      failOnConditions(result);
      const { resources, destination } = result;
      if (!dryRun || !destination) return resources.map(managedResource);
      const rules = await comparisonRules(ports, app.spec, destination);
      const answers = await Promise.all(resources.map((one) => askCluster(one, app, destination.cluster, rules)));
      return answers.map(managedResource);
    },
    tree: async (app) => {
      const result = await compare(app);
      // What is live can be shown also where Git cannot be read.
      if (result.resources.length === 0) failOnConditions(result);
      const roots: TreeRoot[] = [...result.resources, ...result.hooks.filter((hook) => hook.live)].map(
        ({ key, target, live }) => ({
          key,
          version: versionOf((target ?? live)?.apiVersion ?? ''),
          live,
        }),
      );
      const live = result.destination?.live;
      const nodes = live ? await resourceTree(ports, roots, live) : [];
      return { nodes, orphanedNodes: result.orphans };
    },
    manifests: async (app, options) => {
      const manifests = await renderApplication(ports, app, { forceResolve: false, noCache: false, ...options });
      return manifests.flatMap((manifest) => maskSecrets([manifest])[0] ?? []);
    },
    health: async (app) => {
      const { live } = ports.destinations.open(app.spec.destination);
      await live.ready();
      const resources = app.status?.resources ?? [];
      const found = resources.flatMap(
        ({ group = '', kind = '', namespace = '', name = '' }) => live.get({ group, kind, namespace, name }) ?? [],
      );
      await ports.assessHealth(found);
      return (group, kind, namespace, name) => {
        const object = live.get({ group, kind, namespace, name });
        return object ? ports.healthOf(object) : { status: 'Missing' };
      };
    },
  };
}

/** What is only there, or only wanted, needs no dry run. */
async function askCluster(
  resource: ComparedResource,
  app: Application,
  cluster: Cluster,
  rules: ComparisonRules,
): Promise<ComparedResource> {
  const { key, target, live } = resource;
  if (!target || !live) return resource;
  const where = { ...key, version: versionOf(target.apiVersion) };
  const namespace = key.namespace === '' ? {} : { namespace: key.namespace };
  const body = { ...target, metadata: { ...target.metadata, ...namespace } };
  const options = { fieldManager: FIELD_MANAGER, force: true, dryRun: true };
  const answer = await cluster.patch(where, { type: 'apply', body }, options);
  const includesMutations = [app, target].some((object) => hasCompareOption(object, 'IncludeMutationWebhook=true'));
  return { ...resource, comparison: await compareWithDryRun(live, answer, { ...rules, includesMutations }) };
}

function managedResource(resource: CompareResult['resources'][number]): ManagedResource {
  const { key, target, live, comparison } = resource;
  const [targetState, liveState, normalized, predicted] = maskSecrets([
    target,
    live && withoutManagedFields(live),
    comparison.normalizedLive && withLastApplied(comparison.normalizedLive, live),
    comparison.predictedLive && withLastApplied(comparison.predictedLive, live),
  ]);
  return {
    ...(key.group ? { group: key.group } : {}),
    kind: key.kind,
    ...(key.namespace ? { namespace: key.namespace } : {}),
    name: key.name,
    targetState: jsonOf(targetState),
    liveState: jsonOf(liveState),
    normalizedLiveState: jsonOf(normalized),
    predictedLiveState: jsonOf(predicted),
    ...(live?.metadata.resourceVersion ? { resourceVersion: live.metadata.resourceVersion } : {}),
    ...(comparison.modified ? { modified: true } : {}),
  };
}

/** What an apply remembers is not compared; both sides show it. */
function withLastApplied(state: KubeObject, live: KubeObject | undefined): KubeObject {
  const text = live?.metadata.annotations?.[LAST_APPLIED_ANNOTATION];
  return text === undefined ? state : withAnnotations(state, { [LAST_APPLIED_ANNOTATION]: text });
}

const jsonOf = (object: KubeObject | undefined): string => JSON.stringify(object ?? null);

function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _fields, ...metadata } = object.metadata;
  return { ...object, metadata };
}
