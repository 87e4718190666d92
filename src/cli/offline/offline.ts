// What can be known before a merge, from files alone: the port to a repo server without a cluster and a server around it.

import type { JsonObject } from '../../core/json.ts';
import type { Finding, LintedDocument } from '../../model/lint.ts';
import type { ApplicationSource } from '../../model/source.ts';

/** Sources of an application, each with the folder here that stands for it, or to be fetched. */
export interface LocalRendering {
  readonly application: { readonly name: string; readonly namespace: string; readonly project: string };
  readonly destinationNamespace: string;
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
  readonly sources: readonly {
    readonly source: ApplicationSource;
    readonly folder?: { readonly root: string; readonly path: string };
  }[];
}

/** A Kubernetes object as a source renders it, and the namespace that it would get; '' for what belongs to none. */
export interface RenderedObject {
  readonly object: JsonObject;
  readonly namespace: string;
}

export type RenderFolders = (
  options: { readonly dataDir?: string },
  rendering: LocalRendering,
) => Promise<readonly RenderedObject[]>;

/** A repository of this machine; a folder that is in none has no `gitFolder`. */
export interface LocalRepository {
  readonly root: string;
  readonly gitFolder?: string;
  /** What its remotes are called. */
  readonly urls: readonly string[];
  /** Absent: HEAD is detached. */
  readonly branch?: string;
  /** Absent: nothing here says which it is. */
  readonly defaultBranch?: string;
}

/** A commit, and the Git folder of this machine that holds it. */
export interface LocalCommit {
  readonly clone: string;
  readonly revision: string;
}

export interface CommitFiles {
  /** From the root of the repository, with slashes. */
  readonly paths: readonly string[];
  read(paths: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export interface OfflineSource {
  readonly source: ApplicationSource;
  /** Absent: it is fetched from where it says. */
  readonly commit?: LocalCommit;
}

export type OfflineRendering = Omit<LocalRendering, 'sources'> & { readonly sources: readonly OfflineSource[] };

/** An Application with what its sources render to, or why they do not. */
export interface LintedRendering {
  readonly linted: LintedDocument;
  readonly objects?: readonly RenderedObject[];
  readonly failure?: unknown;
}

export interface Offline {
  /** The repository around an absolute path. */
  workingCopy(folder: string): Promise<LocalRepository>;
  /** The commit that a revision means here; throws `not-found`. */
  commit(repository: LocalRepository, revision: string): Promise<LocalCommit>;
  /** The files as they lie here, committed or not. */
  snapshot(repository: LocalRepository): Promise<LocalCommit>;
  /** The last commit that two have in common; undefined where none is known here. */
  forkPoint(repository: LocalRepository, revisions: readonly [string, string]): Promise<string | undefined>;
  files(commit: LocalCommit): Promise<CommitFiles>;
  render(rendering: OfflineRendering | LocalRendering): Promise<readonly RenderedObject[]>;
  /** The objects of Argo CD in the files, and what is wrong with them. */
  lintDocuments(files: readonly { readonly path: string; readonly text: string }[]): {
    readonly documents: readonly LintedDocument[];
    readonly findings: readonly Finding[];
  };
  /** What is wrong with what applications render to; `documents` are all that were read. */
  lintRenderings(renderings: readonly LintedRendering[], documents: readonly LintedDocument[]): readonly Finding[];
  /** Removes what was made for the work. */
  close(): Promise<void>;
}
