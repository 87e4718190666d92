// What a caller must be allowed to do, in the words of Argo CD's RBAC: a resource, an action and an object. Each endpoint
// states the right that it needs; the server asks for it before the route runs.

export const RESOURCES = [
  'clusters',
  'projects',
  'applications',
  'applicationsets',
  'repositories',
  'write-repositories',
  'certificates',
  'accounts',
  'gpgkeys',
  'logs',
  'exec',
  'extensions',
] as const;

export const ACTIONS = ['get', 'create', 'update', 'delete', 'sync', 'override', 'action', 'invoke'] as const;

export type Resource = (typeof RESOURCES)[number];

/** 'action/GROUP/KIND/NAME' runs an action of a resource; 'update/GROUP/KIND/NAMESPACE/NAME' changes one resource. */
export type Action = (typeof ACTIONS)[number] | `${'action' | 'update' | 'delete'}/${string}`;

export interface Right {
  readonly resource: Resource;
  readonly action: Action;
  /** 'project/name' of an application, 'project/namespace/name' outside the control plane's namespace; a name or URL of others. */
  readonly object: string;
}

/** One application: its bare name, and the namespace and project it is asked for in. */
export interface ApplicationTarget {
  readonly name: string;
  readonly appNamespace?: string;
  readonly project?: string;
}

export type EndpointRight<Input> =
  /** Anybody, with or without a session. */
  | 'open'
  /** Any caller with a session. */
  | 'session'
  /** Only a caller on this machine who reaches the process through its data folder. */
  | 'local'
  | ItemsRight
  | ObjectRight<Input>
  | ApplicationRight<Input>;

/** A list: the route leaves out each item that the caller may not get. */
export interface ItemsRight {
  readonly items: Resource;
}

export interface ObjectRight<Input> {
  readonly resource: Resource;
  readonly action: Action;
  /** Undefined where no right is needed: an account always has access to itself. */
  readonly object: (input: Input, lookup: Lookup) => string | undefined | Promise<string | undefined>;
  /** A caller who may not get the object is not told whether it is there. */
  readonly hides?: boolean;
}

/** The project of an application is not in the request: the server looks it up, and hides what the caller may not see. */
export interface ApplicationRight<Input> {
  readonly application: (input: Input) => ApplicationTarget;
  /** A caller without this right is not told whether the application exists. */
  readonly action: (input: Input) => Action;
  /** Needed as well; its refusal is told. */
  readonly and?: { readonly resource: Resource; readonly action: Action };
}

/** What the name of an object needs beyond the request. */
export interface Lookup {
  /** Where the control plane runs. */
  readonly namespace: string;
  /** The account of the caller; '' for one of an identity provider. */
  readonly ownAccount: string;
  /** A registered cluster as an object of the policy; throws `not-allowed` when there is none. */
  cluster(id: { readonly 'id.value': string; readonly 'id.type'?: string }): Promise<string>;
  /**
   * A registered repository, of the project or of all; throws `not-allowed` when there is none. Undefined where several have
   * the URL: the route tells which of them the caller means, and asks for the right to it.
   */
  repository(url: string, project?: string): Promise<string | undefined>;
  /** A set of applications as an object of the policy; throws `not-found`, for the reference tells that to everybody. */
  applicationSet(target: { readonly name: string; readonly appsetNamespace?: string }, action: Action): Promise<string>;
}

/** A right on the application that an input names. */
export function onApplication<Input extends ApplicationTarget>(
  action: Action | ((input: Input) => Action),
  and?: ApplicationRight<Input>['and'],
): ApplicationRight<Input> {
  return { application: (input) => input, action: typeof action === 'string' ? () => action : action, and };
}

/** The same where the name of the application stands beside the name of a resource. */
export function onOwner<Input extends Omit<ApplicationTarget, 'name'> & { readonly applicationName: string }>(
  action: Action,
): ApplicationRight<Input> {
  return {
    application: ({ applicationName: name, project, appNamespace }) => ({ name, project, appNamespace }),
    action: () => action,
  };
}

/** A right on a registered cluster. */
export function onCluster<Input extends { readonly 'id.value': string; readonly 'id.type'?: string }>(
  action: Action,
): ObjectRight<Input> {
  return { resource: 'clusters', action, hides: true, object: (id, { cluster }) => cluster(id) };
}

/** A right on a registered repository. */
export function onRepository<Input extends { readonly repo: string; readonly appProject?: string }>(
  action: Action,
): ObjectRight<Input> {
  return {
    resource: 'repositories',
    action,
    hides: true,
    object: ({ repo, appProject }, { repository }) => repository(repo, appProject),
  };
}

/** A right on an account, which an account always has on itself. */
export function onAccount<Input extends { readonly name?: string }>(action: Action): ObjectRight<Input> {
  return {
    resource: 'accounts',
    action,
    object: ({ name = '' }, { ownAccount }) =>
      ownAccount !== '' && ['', ownAccount].includes(name) ? undefined : name,
  };
}

/** An application as an object of the policy. */
export function rbacName(target: ApplicationTarget, namespace: string): string {
  const { project = 'default', appNamespace = '', name } = target;
  const parts = ['', namespace].includes(appNamespace) ? [project, name] : [project, appNamespace, name];
  return parts.join('/');
}
