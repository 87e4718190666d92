// What a command is given: one read-only record. What is costly or may fail is a function, so `--help` pays for nothing.

import type { KubernetesAccess } from '../api/local.ts';
import type { Client } from '../client/client.ts';
import type { Dispatch } from '../client/in-process.ts';
import type { Reach } from '../client/sso/provider.ts';
import type { Transport } from '../client/transport.ts';
import type { Json } from '../core/json.ts';
import type { Clock } from '../core/time.ts';
import type { ClusterSettings } from '../model/cluster.ts';
import type { View } from '../render/view.ts';
import type { Inspector } from './checks/inspector.ts';
import type { Policy } from './compat/policy.ts';
import type { ResolvedContext } from './config/config.ts';
import type { ConfigFile } from './config/file.ts';
import type { Globals } from './config/globals.ts';
import type { Environment } from './io/colour.ts';
import type { Io } from './io/io.ts';
import type { Prompt } from './io/prompt.ts';
import type { LocalRendering, Offline, RenderedObject } from './offline/offline.ts';
import type { PlanSync } from './offline/planner.ts';
import type { OpenSettingsTools } from './offline/settings-tools.ts';

export interface Leaving {
  readonly settle: boolean;
  /** Ends all waiting. */
  readonly signal: AbortSignal;
  /** Ends the waiting for what the command caused. */
  readonly deadline?: AbortSignal;
}

/** The embedded system, running: reached in process, or by the socket of the process that owns the folder. */
export interface LocalSystem {
  readonly transport: { readonly dispatch: Dispatch } | { readonly socketPath: string };
  readonly warnings: readonly string[];
  /**
   * With `settle` it first waits until what the command caused has ended, or the signal fires. What has not ended is
   * taken up by the next command.
   */
  close(options: Leaving): Promise<void>;
}

export type OpenLocalSystem = (options: { readonly dataDir?: string }) => Promise<LocalSystem>;

/** Argo CD's objects in the cluster of a kubeconfig, without its API server; throws `usage` where there is none. */
export type OpenCore = (options: CoreChoice & { readonly dataDir?: string }) => Promise<LocalSystem>;

/** The installation in a cluster: of the kubeconfig's context, and in its namespace, where nothing else is named. */
export interface CoreChoice {
  readonly kubeconfig?: string;
  readonly kubeContext?: string;
  readonly namespace?: string;
}

export interface ForwardOptions {
  readonly kubeContext?: string;
  /** Of the server; the one of the kubeconfig's context when absent. */
  readonly namespace?: string;
  /** The server's `app.kubernetes.io/name`. */
  readonly name: string;
}

/** A port of this machine behind which a server in a cluster is, until it is closed. */
export interface Forward {
  readonly port: number;
  close(): Promise<void>;
}

export type OpenForward = (options: ForwardOptions) => Promise<Forward>;

export interface Connection {
  readonly client: Client;
  readonly transport: Transport;
  /** How another address is reached from here, as an identity provider is. */
  readonly reach: Reach;
  /** 'https://host' as links to the web interface begin. */
  readonly url: string;
  /** The saved context it came from, where there was one. */
  readonly context: string | undefined;
  readonly local: boolean;
  readonly token: string | undefined;
}

export interface ListenOptions {
  /** Plain HTTP only; else TLS and plain HTTP on one port. */
  readonly insecure: boolean;
  /** Names that the server has beside those of this machine and of its settings; '*' is any. */
  readonly hosts: readonly string[];
  /** Files in PEM, in place of the certificate in the settings. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
}

/** A system of this process's own, which stays until it is closed: what `hawser server` runs. */
export interface OwnedSystem {
  /** Listens for the API. */
  listen(
    address: { readonly host: string; readonly port: number },
    options: ListenOptions,
  ): Promise<{ readonly port: number }>;
  /** Listens for the local cluster's Kubernetes API. */
  listenKubernetes(address: { readonly host: string; readonly port: number }): Promise<KubernetesAccess>;
  /** Sets its controllers to work; rejects where they cannot. They first look at all there is: ports are opened before. */
  work(): Promise<void>;
  close(): Promise<void>;
}

export interface Reset {
  readonly folder: string;
  /** What lies among the state but is not of the local cluster, and stayed. */
  readonly left: readonly string[];
}

export type ResetSystem = (options: { readonly dataDir?: string }) => Promise<Reset>;

export interface Owning {
  /** How far repositories may be away: not on this machine, where others can reach the server. Absent: one person uses it. */
  readonly reach?: 'anywhere' | 'elsewhere';
}

export type OwnSystem = (options: Owning & { readonly dataDir?: string }) => Promise<OwnedSystem>;

export type OpenOffline = (options: { readonly dataDir?: string }) => Promise<Offline>;

/** jq expressions. They throw `usage` where jq refuses them. */
export interface Jq {
  /** Whether it is one. */
  check(expression: string): Promise<void>;
  /** What it makes of a document: a result a line, texts bare. */
  run(document: Json, expression: string): Promise<string>;
}

/** A cluster of a kubeconfig, to be registered or let go of. */
export interface TargetCluster {
  /** The server, and what of the login can be kept without asking anybody: certificates. */
  readonly settings: ClusterSettings;
  /** The same with the token or password that the kubeconfig uses. */
  withLogin(): Promise<ClusterSettings>;
  /** The same, with the server and authority that the cluster itself publishes. */
  published(): Promise<ClusterSettings>;
  /** Makes an account with its rights; answers its token. */
  createManager(
    where: { readonly systemNamespace: string; readonly namespaces: readonly string[] },
    told: (step: string) => void,
  ): Promise<string>;
  /** The token of an account that is there. */
  tokenOf(account: string, systemNamespace: string, told: (step: string) => void): Promise<string>;
  removeManager(systemNamespace: string, told: (step: string) => void): Promise<void>;
  /** What the cluster serves, each kind by its plural in the paths. */
  kinds(): Promise<readonly { readonly group: string; readonly kind: string; readonly resource: string }[]>;
  close(): void;
}

export interface Kubeconfig {
  readonly contexts: readonly {
    readonly name: string;
    readonly cluster: string;
    readonly server: string;
    readonly isCurrent: boolean;
  }[];
  /** Throws `not-found` for a context that is not there. */
  open(context: string): Promise<TargetCluster>;
}

export interface KubeconfigOptions {
  /** In place of the files that the environment names. */
  readonly path?: string;
  readonly proxy?: string;
}

export type OpenKubeconfig = (options: KubeconfigOptions) => Promise<Kubeconfig>;

export type OpenJq = () => Promise<Jq>;

export interface Context {
  readonly io: Io;
  readonly env: Environment;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly prompt: Prompt;
  readonly program: string;
  /** Fires when the process is asked to end. */
  readonly signal: AbortSignal;
  /** Ends the calls that wait when the signal of a deadline fires, and the waiting for what was caused, so many milliseconds from now. */
  limit(deadline: AbortSignal, milliseconds: number): void;
  version(): string;
  globals(): Globals;
  config(): Promise<ConfigFile>;
  connect(): Promise<Connection>;
  /** A server by its address alone, whatever contexts say: what a login needs. */
  connectTo(login: ResolvedContext): Promise<Connection>;
  /** The local system, whatever server is configured. */
  local(): Promise<Connection>;
  /** The objects in the cluster of a kubeconfig, whatever server is configured. */
  core(choice?: CoreChoice): Promise<Connection>;
  /** Owns the data folder and sets the system to work; 9 when a server already does. */
  own(options?: Owning): Promise<OwnedSystem>;
  /** Empties the data folder, damaged or not; 9 while a process owns it. */
  reset(): Promise<Reset>;
  /** What folders here render to. */
  renderFolders(rendering: LocalRendering): Promise<readonly RenderedObject[]>;
  /** The repo server of this program alone, for as long as the work takes: no server and no cluster is asked. */
  offline<T>(work: (offline: Offline) => Promise<T>): Promise<T>;
  jq(): Promise<Jq>;
  /** The kubeconfig that kubectl would read. */
  kubeconfig(options?: KubeconfigOptions): Promise<Kubeconfig>;
  /** Looks at the data folder and the programs of this machine, and opens nothing. */
  inspect(): Promise<Inspector>;
  /** What a sync would do, worked out here. */
  readonly planSync: PlanSync;
  /** Judges settings without a server. */
  readonly settingsTools: OpenSettingsTools;
  /** How text for stdout looks. */
  view(): Promise<View>;
  /** A line of progress or advice, on stderr. */
  say(text: string): void;
  /** Nobody waits for what this command caused: a local system rests with it until the next command. */
  leaveAtOnce(): void;
}
