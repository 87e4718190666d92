import type { Manifest } from '../../model/manifest.ts';
import type { ApplicationSource } from '../../model/source.ts';
import type { Tree } from '../git/tree.ts';
import type { RenderRequest } from '../request.ts';
import type { Tools } from '../tools.ts';

/** One rendering: a source at a revision, with what a tool needs to work on it. */
export interface Rendering {
  readonly request: RenderRequest;
  /** With the overrides of its folder. */
  readonly source: ApplicationSource;
  /** The application's folder from the root of the repository, '' for the root. */
  readonly folder: string;
  readonly tools: Tools;
  readonly environment: NodeJS.ProcessEnv;
  /** A folder of the repo server's own, which lives on. */
  readonly home: string;
  /** All files of the revision on disk; others may read them too, so nothing is written there. */
  readonly checkout: () => Promise<string>;
  /** The same for this rendering alone, removed after it. */
  readonly ownCheckout: () => Promise<string>;
  /** The same for a source that `$name` refers to. */
  readonly referenced: (name: string) => Promise<string>;
  /** The files of another repository, at a revision of its own, for this rendering alone. */
  readonly remote: (url: string, revision: string) => Promise<string>;
  /** An empty folder outside of the checkout, removed after the rendering. */
  readonly scratch: () => Promise<string>;
}

/** A rendering of a commit, whose files can be read without a checkout. */
export interface GitRendering extends Rendering {
  readonly tree: Tree;
}

export interface RenderedFiles {
  readonly manifests: readonly Manifest[];
  readonly commands: readonly string[];
  /** Whether nothing was read but the files of the application's folder. */
  readonly isOwn: boolean;
}

export type Renderer = (rendering: GitRendering) => Promise<RenderedFiles>;
