// What was compared, and whether it would come out the same: what has not changed is not compared again.

import {
  type Application,
  type ApplicationDestination,
  type ApplicationSpec,
  sourcesOf,
} from '../model/application.ts';
import type { ApplicationSource } from '../model/source.ts';
import type { Cluster } from '../objects/cluster.ts';
import type { CompareResult } from './compare.ts';
import type { ControllerPorts, Renderer } from './ports.ts';

export interface Comparisons {
  /** What a comparison is made of, apart from Git and the cluster. */
  begin(app: Application): Promise<Basis>;
  /** Keeps how a comparison came out, unless something has changed since it began. */
  keep(app: Application, basis: Basis, result: Outcome): void;
  /** Something in the cluster has changed: the application is to be compared again. */
  drop(name: string): void;
  /** Whether Git, the settings and the cluster are what they were when the application was found Synced. */
  isCurrent(app: Application): Promise<boolean>;
  /** Whether the newest commits change files that the application is rendered from. */
  isTouched(name: string): Promise<boolean>;
}

type ComparisonPorts = Pick<ControllerPorts, 'comparisonSettings' | 'project'> & {
  readonly renderer: Pick<Renderer, 'resolve' | 'contentOf'>;
  destination(of: ApplicationDestination): Promise<{ readonly cluster: Pick<Cluster, 'types'> }>;
};

type Outcome = Pick<CompareResult, 'revisions' | 'syncStatus' | 'conditions' | 'selfContained'>;

interface Basis {
  readonly text: string;
  readonly settings: unknown;
  /** What the cluster serves: charts ask for it. */
  readonly types: unknown;
  /** Grows with each change in the cluster. */
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
  const compared = new Map<string, Compared>();
  const changes = new Map<string, number>();

  function resolve(
    spec: ApplicationSpec,
    options: { readonly force: boolean; readonly maxAgeMs?: number },
  ): Promise<readonly string[]> {
    const project = spec.project || 'default';
    return Promise.all(sourcesOf(spec).map((source) => ports.renderer.resolve(source, { project, ...options })));
  }

  async function begin(app: Application): Promise<Basis> {
    const settings = ports.comparisonSettings();
    const count = changes.get(app.metadata.name) ?? 0;
    const project = await ports.project(app.spec.project || 'default');
    const { cluster } = await ports.destination(app.spec.destination);
    const types = await cluster.types();
    return { text: JSON.stringify([app.spec, project?.spec]), settings, types, changes: count };
  }

  async function differs(source: ApplicationSource, before = '', after = ''): Promise<boolean> {
    if (before === after) return false;
    const [was, is] = await Promise.all([before, after].map((revision) => ports.renderer.contentOf(source, revision)));
    return was === undefined || was !== is;
  }

  return {
    begin,
    keep: (app, basis, { revisions, syncStatus, conditions, selfContained }) => {
      const isClean = syncStatus === 'Synced' && conditions.length === 0;
      compared.set(app.metadata.name, { ...basis, spec: app.spec, revisions, isClean, selfContained });
    },
    drop: (name) => {
      changes.set(name, (changes.get(name) ?? 0) + 1);
    },
    isCurrent: async (app) => {
      const last = compared.get(app.metadata.name);
      if (!last?.isClean) return false;
      const now = await begin(app);
      const isSame =
        last.text === now.text &&
        last.settings === now.settings &&
        last.types === now.types &&
        last.changes === now.changes;
      if (!isSame) return false;
      const revisions = await resolve(app.spec, { force: false, maxAgeMs: POLL_AGE_MS });
      return JSON.stringify(last.revisions) === JSON.stringify(revisions);
    },
    isTouched: async (name) => {
      const last = compared.get(name);
      if (!last?.selfContained) return true;
      const revisions = await resolve(last.spec, { force: true });
      const touched = sourcesOf(last.spec).map((source, index) =>
        differs(source, last.revisions[index], revisions[index]),
      );
      return (await Promise.all(touched)).includes(true);
    },
  };
}
