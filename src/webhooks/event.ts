// What a delivery says, whoever sent it.

/** A branch or tag of a repository that points somewhere else now. */
export interface PushEvent {
  readonly kind: 'push';
  /** Addresses of the repository: of its page, or to clone it. */
  readonly repositories: readonly string[];
  /** The name of the branch or tag. */
  readonly revision: string;
  /** Whether it is the branch that HEAD stands for. */
  readonly touchesHead: boolean;
  readonly before: string;
  readonly after: string;
  /** Paths from the root of the repository; undefined where the sender does not tell them. */
  readonly files: readonly string[] | undefined;
}

/** A new tag of an image or chart in a registry. */
export interface RegistryEvent {
  readonly kind: 'registry';
  /** 'ghcr.io'. */
  readonly registry: string;
  /** 'owner/name'. */
  readonly repository: string;
  readonly tag: string;
}

/** A delivery that is known and touches nothing: a ping. */
export interface IgnoredEvent {
  readonly kind: 'ignored';
}

export type WebhookEvent = PushEvent | RegistryEvent | IgnoredEvent;

export const IGNORED: IgnoredEvent = { kind: 'ignored' };

/** The repositories and the branches, tags or versions that events are about. */
export function subjectsOf(events: readonly WebhookEvent[]): {
  readonly repositories: readonly string[];
  readonly revisions: readonly string[];
} {
  const repositories = events.flatMap((event) => {
    if (event.kind === 'push') return event.repositories;
    return event.kind === 'registry' ? [`oci://${event.registry}/${event.repository}`] : [];
  });
  const revisions = events.flatMap((event) => {
    if (event.kind === 'push') return [event.revision];
    return event.kind === 'registry' ? [event.tag] : [];
  });
  const named = (texts: readonly string[]): readonly string[] => [...new Set(texts)].filter((text) => text !== '');
  return { repositories: named(repositories), revisions: named(revisions) };
}
