// Asks for the right of an endpoint before its route runs. What the request does not say, such as the project of an
// application, is looked up here.

import {
  type ApplicationRight,
  type ApplicationTarget,
  type EndpointRight,
  type Lookup,
  type ObjectRight,
  type Right,
  rbacName,
} from '../../api/rights.ts';
import { textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { ACCOUNTS, type Caller, type Enforcer, permissionDenied, rightDenied } from './enforcer.ts';

export interface AuthorizerPorts {
  readonly enforcer: Enforcer;
  /** Where the control plane runs. */
  readonly namespace: string;
  /** Throws `not-found` when the target names a project, `permission denied` else. */
  findApplication(target: ApplicationTarget): Promise<KubeObject>;
  readonly cluster: Lookup['cluster'];
  readonly repository: Lookup['repository'];
  readonly applicationSet: Lookup['applicationSet'];
}

export interface Authorizer extends Enforcer {
  /** The application, for an endpoint that is about one. Throws `not-allowed`. */
  authorize<Input>(right: EndpointRight<Input>, input: Input, caller: Caller): Promise<KubeObject | undefined>;
}

export function createAuthorizer(ports: AuthorizerPorts): Authorizer {
  const may: Enforcer['may'] = (caller, right) => ports.enforcer.may(caller, right);
  return {
    may,
    authorize: async (right, input, caller) => {
      if (right === 'open' || right === 'session') return undefined;
      if (right === 'local') return requireLocal(caller);
      if ('items' in right) return undefined;
      if ('application' in right) return authorizeApplication(ports, right, { input, caller });
      return authorizeObject(ports, right, { input, caller });
    },
  };
}

interface Ask<Input> {
  readonly input: Input;
  readonly caller: Caller;
}

function requireLocal(caller: Caller): undefined {
  if (!caller.isLocal) throw permissionDenied();
}

async function authorizeObject<Input>(
  ports: AuthorizerPorts,
  right: ObjectRight<Input>,
  { input, caller }: Ask<Input>,
) {
  const { enforcer, namespace, cluster, repository, applicationSet } = ports;
  const ownAccount = caller.issuer === ACCOUNTS ? caller.username : '';
  const object = await right.object(input, { namespace, ownAccount, cluster, repository, applicationSet });
  if (object === undefined) return undefined;
  const { resource, action, hides } = right;
  if (hides && !enforcer.may(caller, { resource, action: 'get', object })) throw permissionDenied();
  demand(enforcer, caller, { resource, action, object });
  return undefined;
}

/** An application that is missing and one that must stay hidden are refused alike, as the reference does. */
async function authorizeApplication<Input>(
  ports: AuthorizerPorts,
  right: ApplicationRight<Input>,
  { input, caller }: Ask<Input>,
): Promise<KubeObject> {
  const { enforcer, namespace } = ports;
  const target = right.application(input);
  const action = right.action(input);
  const sees = (object: string): boolean => enforcer.may(caller, { resource: 'applications', action, object });
  if (target.project && !sees(rbacName(target, namespace))) throw permissionDenied();
  const application = await ports.findApplication(target);
  const object = rbacNameOf(application, namespace);
  if (!sees(object)) throw permissionDenied();
  if (right.and) demand(enforcer, caller, { ...right.and, object });
  return application;
}

/** Throws `not-allowed`, naming the right. */
export function demand(enforcer: Enforcer, caller: Caller, right: Right): void {
  if (!enforcer.may(caller, right)) throw rightDenied(caller, right);
}

/** An Application as an object of the policy. */
export function rbacNameOf({ metadata, ...rest }: KubeObject, namespace: string): string {
  const project = textAt(rest, 'spec', 'project') || 'default';
  return rbacName({ name: metadata.name ?? '', appNamespace: metadata.namespace, project }, namespace);
}
