// What is asked of the repo server, and what it answers.

import { withoutLogins } from '../core/url.ts';
import type { Manifest } from '../model/manifest.ts';
import type { ApplicationSource, HelmParameter, SourceType } from '../model/source.ts';

/** How to get into a repository. None of it ever reaches a command line or an error text. */
export interface Credentials {
  readonly username?: string;
  readonly password?: string;
  readonly bearerToken?: string;
  readonly sshPrivateKey?: string;
  /** In the form of an ssh known_hosts file; without it the user's own counts. */
  readonly sshKnownHosts?: string;
  readonly tlsClientCert?: string;
  readonly tlsClientKey?: string;
  /** PEM: the only certificates that are trusted for the server. */
  readonly caCertificates?: string;
  /** Trusts any certificate and any host key. */
  readonly insecure?: boolean;
  /** '' goes straight, whatever the environment says. */
  readonly proxy?: string;
  /** The one project that may use them; what they opened is kept apart for it. */
  readonly scope?: string;
  /** An OCI registry that speaks HTTP only. */
  readonly plainHttp?: boolean;
}

/** A repository with what opens it. */
export interface Repository {
  readonly url: string;
  readonly credentials?: Credentials;
}

/** What is fetched from a repository is kept under this name: apart where only one project may see it. */
export function storageName({ url, credentials }: Repository): string {
  const place = withoutLogins(url);
  return credentials?.scope ? `${place} of ${credentials.scope}` : place;
}

export interface ResolveRequest {
  readonly source: ApplicationSource;
  readonly credentials?: Credentials;
  /** Asks the repository even when its references were read a moment ago. */
  readonly force?: boolean;
  /** References that were read within so many milliseconds will do, also of a repository here. */
  readonly maxAgeMs?: number;
}

/** A source as it is at a revision. */
export type ContentRequest = Pick<RenderRequest, 'source' | 'revision' | 'credentials' | 'clone'>;

/** A source that `$ref` value files point into, at its resolved revision. */
interface ReferencedSource {
  readonly source: ApplicationSource;
  readonly revision: string;
  /** As in a request. */
  readonly clone?: string;
  readonly credentials?: Credentials;
}

export interface RenderRequest {
  readonly source: ApplicationSource;
  /** Resolved: a commit or a chart version. */
  readonly revision: string;
  /** A Git folder of this machine that holds the commit, read in place of the source's repository. */
  readonly clone?: string;
  readonly application: { readonly name: string; readonly namespace: string; readonly project: string };
  readonly destinationNamespace: string;
  readonly kubeVersion: string;
  /** 'group/version' and 'group/version/Kind' of what the cluster serves. */
  readonly apiVersions: readonly string[];
  /** By the name after the dollar sign. */
  readonly refSources?: Readonly<Record<string, ReferencedSource>>;
  readonly credentials?: Credentials;
  /** Of the repositories that a chart's dependencies are in. */
  readonly credentialsOf?: (url: string) => Promise<Credentials | undefined>;
  /** Renders anew even when the same was rendered before. */
  readonly noCache?: boolean;
  readonly signal?: AbortSignal;
}

/** Where the files of a Git source are read from. */
export const repositoryOf = ({ source, credentials, clone }: ContentRequest): Repository =>
  clone === undefined ? { url: source.repoURL, credentials } : { url: clone };

/** Files on this machine instead of a commit. */
export interface LocalFiles {
  /** What the path of the source counts from; without it the commit, or the version of the chart, is meant. */
  readonly root?: string;
  /** The folders of sources that value files refer to, by the name after the dollar sign. */
  readonly folders: Readonly<Record<string, string>>;
}

export interface Rendered {
  readonly manifests: readonly Manifest[];
  readonly revision: string;
  readonly sourceType: SourceType;
  /** The command lines that were run, without credentials and temporary folders. */
  readonly commands: readonly string[];
  /** Whether another commit with the same files in the application's folder renders to the same. */
  readonly isOwn: boolean;
}

export interface SignatureQuestion {
  readonly source: ApplicationSource;
  /** The commit. */
  readonly revision: string;
  readonly credentials?: Credentials;
  /** `strict`: with all commits before it. */
  readonly mode: 'head' | 'strict';
  /** Ids or fingerprints of the keys that are trusted. */
  readonly trusted: readonly string[];
  /** Public keys, armoured. */
  readonly keys: readonly string[];
}

export interface RevisionMetadata {
  readonly author: string;
  /** RFC 3339. */
  readonly date: string;
  readonly message: string;
  readonly tags: readonly string[];
}

export type RepositoryKind = 'git' | 'helm' | 'oci';

export interface ChartVersions {
  readonly name: string;
  readonly versions: readonly string[];
}

export interface References {
  readonly branches: readonly string[];
  readonly tags: readonly string[];
}

/** A folder that an application can be made of. */
export interface FoundApplication {
  readonly type: SourceType;
  readonly path: string;
}

export interface ChangedRequest extends Repository {
  readonly from: string;
  readonly to: string;
  /** Folders, files or globs, relative to the root of the repository. */
  readonly paths: readonly string[];
}

export interface SourceDetails {
  readonly type: SourceType;
  readonly helm?: HelmDetails;
  readonly kustomize?: { readonly images: readonly string[] };
}

export interface ChartDescription {
  readonly description: string;
  readonly home: string;
  /** 'Name <address>' */
  readonly maintainers: readonly string[];
}

export interface HelmDetails {
  readonly name: string;
  /** Beside the chart, other than its own values.yaml. */
  readonly valueFiles: readonly string[];
  /** Each value of values.yaml and of the source's value files by its path: 'image.tag', 'hosts[0]'. */
  readonly parameters: readonly HelmParameter[];
  /** The text of values.yaml. */
  readonly values: string;
}
