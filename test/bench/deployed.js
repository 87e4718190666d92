// An application as a server has it after ten deployments of eight resources.

const MOMENT = '2026-01-05T10:00:00Z';
const REVISION = '0123456789abcdef0123456789abcdef01234567';
const KINDS = ['ConfigMap', 'Secret', 'Service', 'ServiceAccount', 'Deployment', 'Ingress', 'Role', 'RoleBinding'];

/** Its spec and status. */
export function deployed(name) {
  const repoURL = 'https://git.example.com/team/deployments.git';
  const source = { repoURL, path: `apps/${name}`, targetRevision: 'main' };
  const destination = { server: 'https://kubernetes.default.svc', namespace: name };
  const health = { status: 'Healthy' };
  const of = { version: 'v1', namespace: name, name, status: 'Synced' };
  const results = KINDS.map((kind) => ({
    ...of,
    kind,
    group: '',
    message: `${kind}/${name} configured`,
    hookPhase: 'Running',
    syncPhase: 'Sync',
  }));
  const deployment = { revision: REVISION, deployedAt: MOMENT, deployStartedAt: MOMENT, source };
  return {
    spec: { source, destination, project: 'default', syncPolicy: { automated: { prune: true } } },
    status: {
      resources: KINDS.map((kind) => ({ ...of, kind, health })),
      sync: { status: 'Synced', comparedTo: { source, destination }, revision: REVISION },
      health: { ...health, lastTransitionTime: MOMENT },
      history: Array.from({ length: 10 }, (_, id) => ({ id, ...deployment, initiatedBy: { username: 'admin' } })),
      reconciledAt: MOMENT,
      operationState: {
        operation: { sync: { revision: REVISION } },
        phase: 'Succeeded',
        message: 'successfully synced (all tasks run)',
        syncResult: { resources: results, revision: REVISION, source },
        startedAt: MOMENT,
        finishedAt: MOMENT,
      },
      sourceType: 'Directory',
      summary: { images: ['registry.example.com/app:1.0'] },
    },
  };
}
