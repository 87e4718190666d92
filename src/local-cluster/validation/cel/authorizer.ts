// Rights as values of expressions. Who decides is given from outside.

import type { Environment } from '@marcbachmann/cel-js';

/** What is asked about: a path, or a resource. */
export interface Asked {
  readonly path?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

interface Answer {
  readonly allowed: boolean;
  readonly reason: string;
}

type Check = (asked: Asked, verb: string) => Answer;

interface Rights {
  readonly check: Check;
  readonly requestResource: ResourceCheck;
  readonly account: (namespace: string, name: string) => Authorizer;
}

export class Authorizer {
  readonly rights: Rights;
  readonly requestResource: ResourceCheck;
  constructor(rights: Rights) {
    this.rights = rights;
    this.requestResource = rights.requestResource;
  }
}

class PathCheck {
  readonly check: Check;
  readonly asked: Asked;
  constructor(check: Check, asked: Asked) {
    this.check = check;
    this.asked = asked;
  }
}

class GroupCheck extends PathCheck {}

export class ResourceCheck extends PathCheck {}

class Decision {
  readonly answer: Answer;
  constructor(answer: Answer) {
    this.answer = answer;
  }
}

const PREFIX = 'kubernetes.authorization';

export function registerAuthorizer(environment: Environment): void {
  const resource = `${PREFIX}.ResourceCheck`;
  const group = `${PREFIX}.GroupCheck`;
  const path = `${PREFIX}.PathCheck`;
  const decision = `${PREFIX}.Decision`;
  const authorizer = `${PREFIX}.Authorizer`;
  const narrowed = (field: keyof Asked) => (check: ResourceCheck, value: string) =>
    new ResourceCheck(check.check, { ...check.asked, [field]: value });
  environment
    .registerType(decision, { ctor: Decision, fields: {} })
    .registerType(path, { ctor: PathCheck, fields: {} })
    .registerType(resource, { ctor: ResourceCheck, fields: {} })
    .registerType(group, { ctor: GroupCheck, fields: {} })
    .registerType(authorizer, { ctor: Authorizer, fields: { requestResource: resource } })
    .registerFunction(
      `${authorizer}.path(string): ${path}`,
      ({ rights }: Authorizer, text: string) => new PathCheck(rights.check, { path: text }),
    )
    .registerFunction(
      `${authorizer}.group(string): ${group}`,
      ({ rights }: Authorizer, text: string) => new GroupCheck(rights.check, { group: text }),
    )
    .registerFunction(
      `${authorizer}.serviceAccount(string, string): ${authorizer}`,
      ({ rights }: Authorizer, namespace: string, name: string) => rights.account(namespace, name),
    )
    .registerFunction(
      `${group}.resource(string): ${resource}`,
      ({ check, asked }: GroupCheck, text: string) => new ResourceCheck(check, { ...asked, resource: text }),
    )
    .registerFunction(`${resource}.subresource(string): ${resource}`, narrowed('subresource'))
    .registerFunction(`${resource}.namespace(string): ${resource}`, narrowed('namespace'))
    .registerFunction(`${resource}.name(string): ${resource}`, narrowed('name'));
  for (const type of [path, resource])
    environment.registerFunction(
      `${type}.check(string): ${decision}`,
      ({ check, asked }: PathCheck, verb: string) => new Decision(check(asked, verb)),
    );
  environment
    .registerFunction(`${decision}.allowed(): bool`, ({ answer }: Decision) => answer.allowed)
    .registerFunction(`${decision}.reason(): string`, ({ answer }: Decision) => answer.reason)
    .registerFunction(`${decision}.errored(): bool`, () => false)
    .registerFunction(`${decision}.error(): string`, () => '');
}
