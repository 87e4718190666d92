// What the controller needs of the world; server/compose/ joins it to the adapters.

import type { Clock } from '../core/time.ts';
import type { DeleteByJq } from '../engine/diff/ignore.ts';
import type { SignatureRule } from '../engine/project/integrity.ts';
import type { ApplicationDestination, Health } from '../model/application.ts';
import type { ComparisonSettings } from '../model/comparison-settings.ts';
import type { Project } from '../model/project.ts';
import type { SentFiles } from '../model/sent-files.ts';
import type { ApplicationSource } from '../model/source.ts';
import type { Cluster } from '../objects/cluster.ts';
import type { KubeObject, ObjectKey } from '../objects/object.ts';

/** The repo server, as far as the controller asks it. */
export interface Renderer {
  /** The revision (commit, chart version) that a source's targetRevision stands for now. */
  resolve(source: ApplicationSource, options: ResolveOptions): Promise<string>;
  /** Names the files that a source is rendered from at a revision, where its own folder is all of them. */
  contentOf(source: ApplicationSource, revision: string, project: string): Promise<string | undefined>;
  render(request: RenderRequest): Promise<Rendered>;
  /** Why a commit is not proved to be signed as a project demands; empty where it is. */
  signatureProblems(source: ApplicationSource, question: SignatureQuestion): Promise<readonly string[]>;
}

export interface SignatureQuestion {
  readonly revision: string;
  readonly project: string;
  readonly rule: SignatureRule;
}

export interface ResolveOptions {
  readonly project: string;
  /** The repository is asked, whatever is known of it. */
  readonly force: boolean;
  /** What was heard within so many milliseconds will do, also of a repository that is read in place. */
  readonly maxAgeMs?: number;
}

export interface RenderRequest {
  readonly source: ApplicationSource;
  /** Resolved. */
  readonly revision: string;
  readonly application: { readonly name: string; readonly namespace: string; readonly project: string };
  readonly destinationNamespace: string;
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
  /** Sources that others name as `$ref`, with their resolved revisions. */
  readonly references: readonly { readonly source: ApplicationSource; readonly revision: string }[];
  readonly noCache: boolean;
  /** Rendered in place of what the source names. */
  readonly files?: SentFiles;
}

export interface Rendered {
  readonly manifests: readonly KubeObject[];
  readonly sourceType: string;
  /** Nothing outside of the source's folder was read. */
  readonly isOwn: boolean;
}

/** The live objects of one cluster, kept up to date. */
export interface LiveState {
  /** Resolves when every kind has been listed once. */
  ready(): Promise<void>;
  get(key: ObjectKey): KubeObject | undefined;
  ofKind(kind: { readonly group: string; readonly kind: string }): Iterable<KubeObject>;
  /** The objects whose tracking annotation names an application (`instanceName`), whatever else owns them. */
  ofApplication(instance: string): Iterable<KubeObject>;
  /** The objects with an owner reference to the one of this uid. */
  ownedBy(uid: string): Iterable<KubeObject>;
  /** The objects of a namespace that no other object owns. */
  topLevelIn(namespace: string): Iterable<KubeObject>;
  /** The volume claims of a namespace. */
  claimsIn(namespace: string): Iterable<KubeObject>;
  /** Takes over what a write answered. */
  put(object: KubeObject): void;
}

/** A cluster that applications are deployed to. */
export interface Destination {
  /** The URL of its API server: what tells it from every other. */
  readonly server: string;
  readonly name: string;
  /** The one project that it is for, where there is one. */
  readonly project?: string;
  readonly cluster: Cluster;
  readonly live: LiveState;
}

/** What a pass of something longer came to. */
export interface Step {
  /** Go on after so many milliseconds; undefined when it has ended. */
  readonly againAfter: number | undefined;
  /** Nothing goes on soon: a person has to confirm it, or it is tried again later. */
  readonly rests?: boolean;
  /** It failed: what changes meanwhile does not bring the next try forward. */
  readonly backsOff?: boolean;
}

/** The clusters that are registered, by the URL of their API server or by their name. */
export interface Destinations {
  /** Throws `not-found` for a cluster that is not registered, `invalid` for an ambiguous name. */
  open(destination: ApplicationDestination): Destination;
  /** The server of the cluster that a destination names; undefined when it names none. */
  serverOf(destination: ApplicationDestination): string | undefined;
}

/** One object that was added, changed or removed in a cluster. */
export interface ObjectChange {
  /** The cluster's. */
  readonly server: string;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

export type Impersonation = 'off' | 'optional' | 'enforced';

export interface ControllerPorts {
  /** Where the Applications are. */
  readonly home: Destination;
  /** The controller's own namespace: its projects and settings. */
  readonly namespace: string;
  /** Where Applications are worked on; its own namespace is one of them. */
  readonly namespaces: readonly string[];
  readonly destinations: Destinations;
  readonly renderer: Renderer;
  project(name: string): Promise<Project | undefined>;
  /** Of an object whose kind has a script in the settings, what `assessHealth` has found. */
  healthOf(object: KubeObject): Health | undefined;
  hasHealthScripts(): boolean;
  /** Runs the scripts of the settings for these objects; at once where there are none, or nothing has changed. */
  assessHealth(objects: Iterable<KubeObject>): Promise<void>;
  /** Throws `invalid` when the settings cannot be read. */
  comparisonSettings(): ComparisonSettings;
  /** Whether a sync writes in the name of a service account of the project, and whether there must be one. */
  impersonation(): Impersonation;
  readonly deleteByJq: DeleteByJq;
  readonly clock: Clock;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** What the operator of a server should know. */
  log(message: string): void;
}
