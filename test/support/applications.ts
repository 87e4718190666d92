import type { Application } from '../../src/model/application.ts';

export interface Drawn {
  readonly name?: string;
  readonly sync?: string;
  readonly health?: string;
  readonly automated?: boolean;
}

/** An application that is valid and dull, but for what the test is about. */
export function anApplication(drawn: Drawn = {}): Application {
  const { name = 'guestbook', sync = 'Synced', health = 'Healthy', automated = false } = drawn;
  return {
    metadata: { name, namespace: 'argocd', resourceVersion: '7' },
    spec: {
      project: 'default',
      source: { repoURL: 'https://example.com/repo.git', path: 'guestbook', targetRevision: 'main' },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
      ...(automated ? { syncPolicy: { automated: { prune: true } } } : {}),
    },
    status: {
      sync: { status: sync, revision: '0123456789abcdef0123456789abcdef01234567' },
      health: { status: health },
      resources: [
        { kind: 'Service', version: 'v1', namespace: 'shop', name: 'web', status: sync, health: { status: health } },
      ],
      reconciledAt: '2026-01-05T09:59:00Z',
    },
  };
}
