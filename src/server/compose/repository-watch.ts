// Local repositories are noticed at once: a commit in a folder refreshes the applications that come from it.

import { listAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';

export interface RepositoryWatch {
  start(objects: Iterable<KubeObject>): void;
  changed(before: KubeObject | undefined, after: KubeObject | undefined): void;
  stop(): void;
}

export function createRepositoryWatch(ports: {
  readonly watch: (url: string, changed: () => void, signal: AbortSignal) => Promise<void>;
  readonly pushed: (application: string) => void;
}): RepositoryWatch {
  // One a repository: Node takes many listeners on one signal for a leak.
  const watches: AbortController[] = [];
  const users = new Map<string, Set<string>>();
  let started = false;

  function add(object: KubeObject): void {
    const name = object.metadata.name ?? '';
    for (const url of repositoriesOf(object)) {
      const known = users.get(url);
      if (known) {
        known.add(name);
        continue;
      }
      const names = new Set([name]);
      users.set(url, names);
      const changed = (): void => {
        for (const user of names) ports.pushed(user);
      };
      const control = new AbortController();
      watches.push(control);
      // A repository that cannot be watched is still polled.
      ports.watch(url, changed, control.signal).catch(() => undefined);
    }
  }

  return {
    start: (objects) => {
      started = true;
      for (const object of objects) if (object.kind === 'Application') add(object);
    },
    changed: (before, after) => {
      if (!started) return;
      if (after?.kind === 'Application') add(after);
      else if (before?.kind === 'Application')
        for (const names of users.values()) names.delete(before.metadata.name ?? '');
    },
    stop: () => {
      for (const control of watches) control.abort();
    },
  };
}

function repositoriesOf(object: KubeObject): string[] {
  const urls = [
    textAt(object, 'spec', 'source', 'repoURL'),
    ...listAt(object, 'spec', 'sources').map((source) => textAt(source, 'repoURL')),
  ];
  return urls.filter((url) => url !== '');
}
