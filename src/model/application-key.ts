// The full name of an application: its namespace and its name.

export const APPLICATION_TYPE = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application' } as const;
/** The same, as an object says it of itself. */
export const APPLICATION_OBJECT = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' } as const;

/** 'argocd/guestbook': what tells one application from every other. */
export type ApplicationKey = `${string}/${string}`;

export interface NamespacedName {
  readonly namespace: string;
  readonly name: string;
}

/** The key of what has this metadata. */
export function applicationKey({ namespace = '', name = '' }: Partial<NamespacedName>): ApplicationKey {
  return `${namespace}/${name}`;
}

export function parseApplicationKey(key: ApplicationKey): NamespacedName {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/**
 * What the tracking annotation calls an application: its name in the controller's own namespace, 'namespace_name' elsewhere.
 * Names in Kubernetes have no underscore, so that the two cannot be mixed up.
 */
export function instanceName({ namespace, name = '' }: Partial<NamespacedName>, controllerNamespace: string): string {
  return namespace === undefined || namespace === controllerNamespace ? name : `${namespace}_${name}`;
}

export function keyOfInstance(instance: string, controllerNamespace: string): ApplicationKey {
  const underscore = instance.indexOf('_');
  if (underscore < 0) return applicationKey({ namespace: controllerNamespace, name: instance });
  return applicationKey({ namespace: instance.slice(0, underscore), name: instance.slice(underscore + 1) });
}

export function isApplicationKind({ group, kind }: { readonly group: string; readonly kind: string }): boolean {
  return group === APPLICATION_TYPE.group && kind === APPLICATION_TYPE.kind;
}
