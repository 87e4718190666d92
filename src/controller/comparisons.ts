// What was compared, and whether it would come out the same: what has not changed is not compared again.

import { ownerApplication } from '../engine/resource/tracking.ts';
import { type Application, type ApplicationSpec, sourcesOf } from '../model/application.ts';
import { type ApplicationKey, applicationKey, instanceName } from '../model/application-key.ts';
import type { ApplicationSource } from '../model/source.ts';
import type { CompareResult } from './compare.ts';
import type { ControllerPorts, Renderer, ResolveOptions } from './ports.ts';

export interface Comparisons {
  /** What a comparison is made of, apart from Git and the cluster. Until it is kept, nothing is known to be current. */
  begin(app: Application): Promise<Basis>;
  /** Keeps how a comparison came out, unless something has changed since it began. */
  keep(app: Application, basis: Basis, result: Findings): void;
  /** Something in the cluster has changed: the application is to be compared again. */
  drop(key: ApplicationKey): void;
  /** The cluster serves other kinds, or other forms of them: that may change what any chart renders, and how it is compared. */
  dropAll(): void;
  /** Whether Git, the settings and the cluster are what they were when the application was found Synced. */
  isCurrent(app: Application): Promise<boolean>;
  /** Whether the newest commits change files that the application is rendered from. */
  isTouched(key: ApplicationKey): Promise<boolean>;
  /** The application is gone. */
  forget(key: ApplicationKey): void;
}

type ComparisonPorts = Pick<ControllerPorts, 'comparisonSettings' | 'namespace' | 'project'> & {
  readonly renderer: Pick<Renderer, 'resolve' | 'contentOf'>;
};

type Findings = Pick<CompareResult, 'revisions' | 'syncStatus' | 'conditions' | 'resources' | 'selfContained'>;

interface Basis {
  readonly text: string;
  readonly settings: unknown;
  /** Grows with each change in the cluster that concerns the application. */
  readonly changes: number;
}

interface Compared extends Basis {
  readonly spec: ApplicationSpec;
  readonly revisions: readonly string[];
  readonly isClean: boolean;
  readonly selfContained: boolean;
}

/** A poll may take what another one has been told within this time. */
const POLL_AGE_MS = 60_000;

export function createComparisons(ports: ComparisonPorts): Comparisons {
  const compared = new Map<ApplicationKey, Compared>();
  const changes = new Map<ApplicationKey, number>();
  let changesOfKinds = 0;

  async function basisOf(app: Application): Promise<Basis> {
    const settings = ports.comparisonSettings();
    const count = changesOfKinds + (changes.get(applicationKey(app.metadata)) ?? 0);
    const project = await ports.project(app.spec.project || 'default');
    return { text: JSON.stringify([app.spec, project?.spec]), settings, changes: count };
  }

  return {
    begin: (app) => {
      // A commit that comes now must not be measured by the one before: it may only take back what is being compared.
      compared.delete(applicationKey(app.metadata));
      return basisOf(app);
    },
    keep: (app, basis, { revisions, syncStatus, conditions, resources, selfContained }) => {
      const instance = instanceName(app.metadata, ports.namespace);
      // Of an object that does not name its application, a definition always, no change is told.
      const isTold = resources.every(({ live }) => live === undefined || ownerApplication(live) === instance);
      const isClean = syncStatus === 'Synced' && conditions.length === 0 && isTold;
      compared.set(applicationKey(app.metadata), { ...basis, spec: app.spec, revisions, isClean, selfContained });
    },
    drop: (key) => {
      changes.set(key, (changes.get(key) ?? 0) + 1);
    },
    dropAll: () => {
      changesOfKinds += 1;
    },
    isCurrent: async (app) => {
      const last = compared.get(applicationKey(app.metadata));
      if (!last?.isClean) return false;
      const now = await basisOf(app);
      if (last.text !== now.text || last.settings !== now.settings || last.changes !== now.changes) return false;
      const revisions = await resolveSources(ports, app.spec, { force: false, maxAgeMs: POLL_AGE_MS });
      return JSON.stringify(last.revisions) === JSON.stringify(revisions);
    },
    isTouched: async (key) => {
      const last = compared.get(key);
      if (!last?.selfContained) return true;
      const revisions = await resolveSources(ports, last.spec, { force: true });
      const project = last.spec.project || 'default';
      const touched = sourcesOf(last.spec).map((source, index) =>
        hasOtherContent(ports, { source, project }, [last.revisions[index], revisions[index]]),
      );
      return (await Promise.all(touched)).includes(true);
    },
    forget: (key) => {
      compared.delete(key);
      changes.delete(key);
    },
  };
}

async function hasOtherContent(
  { renderer }: Pick<ComparisonPorts, 'renderer'>,
  { source, project }: { readonly source: ApplicationSource; readonly project: string },
  [before = '', after = '']: readonly (string | undefined)[],
): Promise<boolean> {
  if (before === after) return false;
  const [last, current] = await Promise.all(
    [before, after].map((revision) => renderer.contentOf(source, revision, project)),
  );
  return last === undefined || last !== current;
}

function resolveSources(
  { renderer }: Pick<ComparisonPorts, 'renderer'>,
  spec: ApplicationSpec,
  options: Omit<ResolveOptions, 'project'>,
): Promise<readonly string[]> {
  const project = spec.project || 'default';
  return Promise.all(sourcesOf(spec).map((source) => renderer.resolve(source, { project, ...options })));
}
