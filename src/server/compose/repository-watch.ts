// Local repositories are noticed at once: a commit in a folder refreshes the applications that come from it.

import { listAt, textAt } from '../../core/json.ts';
import { type ApplicationKey, applicationKey, isApplicationKind } from '../../model/application-key.ts';
import { type KubeObject, keyOf } from '../../objects/object.ts';

export interface RepositoryWatch {
  start(applications: Iterable<KubeObject>): void;
  changed(before: KubeObject | undefined, after: KubeObject | undefined): void;
  stop(): void;
}

export function createRepositoryWatch(ports: {
  readonly watch: (url: string, changed: () => void, signal: AbortSignal) => Promise<void>;
  readonly pushed: (key: ApplicationKey) => void;
}): RepositoryWatch {
  // One a repository: Node takes many listeners on one signal for a leak.
  const watches: AbortController[] = [];
  const users = new Map<string, Set<ApplicationKey>>();
  let started = false;

  function add(object: KubeObject): void {
    const key = applicationKey(object.metadata);
    for (const url of repositoriesOf(object)) {
      const others = users.get(url);
      if (others) {
        others.add(key);
        continue;
      }
      const keys = new Set([key]);
      users.set(url, keys);
      const changed = (): void => {
        for (const user of keys) ports.pushed(user);
      };
      const control = new AbortController();
      watches.push(control);
      // A repository that cannot be watched is still polled.
      ports.watch(url, changed, control.signal).catch(() => undefined);
    }
  }

  return {
    start: (applications) => {
      started = true;
      for (const application of applications) add(application);
    },
    changed: (before, after) => {
      if (!started) return;
      if (after && isApplication(after)) add(after);
      else if (before && isApplication(before))
        for (const keys of users.values()) keys.delete(applicationKey(before.metadata));
    },
    stop: () => {
      for (const control of watches) control.abort();
    },
  };
}

const isApplication = (object: KubeObject): boolean => isApplicationKind(keyOf(object));

function repositoriesOf(object: KubeObject): string[] {
  const urls = [
    textAt(object, 'spec', 'source', 'repoURL'),
    ...listAt(object, 'spec', 'sources').map((source) => textAt(source, 'repoURL')),
  ];
  return urls.filter((url) => url !== '');
}
