// Scenarios of workloads, as steps: what is asked of the cluster, and when it is looked at. `rest` waits until nothing moves.

const workload = (kind, name, spec, template = {}) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name, labels: { app: name }, annotations: { team: 'a' } },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name }, ...template },
      spec: { containers: [{ name: 'c', image: 'nginx:1', ports: [{ name: 'http', containerPort: 8080 }] }] },
    },
    ...spec,
  },
});
const deployment = (spec, template) => workload('Deployment', 'web', { replicas: 3, ...spec }, template);
const statefulSet = (spec, template) =>
  workload('StatefulSet', 'db', { replicas: 3, serviceName: 'db', ...spec }, template);
const daemonSet = (spec) => workload('DaemonSet', 'ds', spec);
const job = (spec, fault) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'job' },
  spec: {
    template: {
      metadata: fault ? { annotations: { 'hawser.dev/fault': fault } } : {},
      spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] },
    },
    ...spec,
  },
});
const service = (spec) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'svc', labels: { s: 'l' } }, spec });
const budget = (spec) => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'pdb' },
  spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
});

const create = (object) => ['create', object];
const change = (plural, name, spec) => ['patch', plural, name, { spec }];
const remove = (plural, name, policy) => ['delete', plural, name, policy];
const see = (label) => ['see', label];
const image = (tag) => ({ template: { spec: { containers: [{ name: 'c', image: `nginx:${tag}` }] } } });
const faulty = (fault) => ({ template: { metadata: { annotations: { 'hawser.dev/fault': fault } } } });
const FAILS = 'fail:times=9';
const failsWith = (code) => `fail:times=9,exit=${code}`;
const exitPolicy = (action) => ({ rules: [{ action, onExitCodes: { operator: 'In', values: [42] } }] });
const indexed = { completionMode: 'Indexed', completions: 2, parallelism: 2 };

const tier = { labels: { app: 'web', tier: 'x' } };
const other = workload('Deployment', 'other', {
  replicas: 1,
  template: {
    metadata: { labels: { app: 'other', tier: 'x' } },
    spec: { containers: [{ name: 'c', image: 'nginx:1', ports: [{ name: 'http', containerPort: 9090 }] }] },
  },
});

export const SCENARIOS = {
  'deployment-scale': [
    create(deployment()),
    see('created'),
    change('deployments', 'web', { replicas: 5 }),
    see('up'),
    change('deployments', 'web', { replicas: 0 }),
    see('zero'),
  ],
  'deployment-undo': [
    create(deployment()),
    see('first'),
    change('deployments', 'web', image(2)),
    see('second'),
    change('deployments', 'web', image(1)),
    see('first again'),
  ],
  'deployment-pause': [
    create(deployment()),
    see('created'),
    change('deployments', 'web', { paused: true, ...image(2) }),
    see('paused'),
    change('deployments', 'web', { replicas: 4 }),
    see('scaled'),
    change('deployments', 'web', { paused: false }),
    see('resumed'),
  ],
  'deployment-paused-first': [
    create(deployment({ paused: true })),
    see('paused'),
    change('deployments', 'web', { paused: null }),
    see('resumed'),
  ],
  'deployment-recreate': [
    create(deployment({ strategy: { type: 'Recreate' } })),
    see('created'),
    change('deployments', 'web', image(2)),
    see('rolled'),
  ],
  'deployment-history': [
    create(deployment({ revisionHistoryLimit: 1 })),
    see('one'),
    change('deployments', 'web', image(2)),
    see('two'),
    change('deployments', 'web', image(3)),
    see('three'),
  ],
  'deployment-proportional': [
    create(deployment({ replicas: 10, strategy: { rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } } })),
    see('created'),
    change('deployments', 'web', faulty('never-ready')),
    see('stuck'),
    change('deployments', 'web', { replicas: 15 }),
    see('more'),
    change('deployments', 'web', { replicas: 6 }),
    see('less'),
  ],
  'deployment-other-surge': [
    create(deployment()),
    see('created'),
    change('deployments', 'web', { strategy: { rollingUpdate: { maxSurge: 5 } } }),
    see('same size'),
    change('deployments', 'web', { paused: true, strategy: { rollingUpdate: { maxSurge: 7 } } }),
    see('paused'),
    change('deployments', 'web', { replicas: 4 }),
    see('other size'),
    change('deployments', 'web', { paused: false, ...faulty('never-ready') }),
    see('stuck'),
    change('deployments', 'web', { strategy: null }),
    change('deployments', 'web', { strategy: { rollingUpdate: null, type: 'Recreate' } }),
    see('recreated'),
  ],
  'deployment-no-surge': [
    create(deployment({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: '10%' } } })),
    see('created'),
    change('deployments', 'web', image(2)),
    see('rolled'),
  ],
  'deployment-orphans': [
    create(deployment()),
    see('created'),
    remove('deployments', 'web', 'Orphan'),
    see('orphaned'),
    create(deployment()),
    see('adopted'),
  ],
  'stateful-set': [
    create(statefulSet()),
    see('created'),
    change('statefulsets', 'db', image(2)),
    see('rolled'),
    change('statefulsets', 'db', image(1)),
    see('back'),
  ],
  'stateful-set-partition': [
    create(statefulSet({ updateStrategy: { rollingUpdate: { partition: 2 } } })),
    see('created'),
    change('statefulsets', 'db', image(2)),
    see('partly'),
    remove('pods', 'db-0'),
    see('made again'),
    change('statefulsets', 'db', { updateStrategy: { rollingUpdate: { partition: 0 } } }),
    see('all'),
  ],
  'stateful-set-on-delete': [
    create(statefulSet({ updateStrategy: { type: 'OnDelete' } })),
    see('created'),
    change('statefulsets', 'db', image(2)),
    see('nothing'),
    remove('pods', 'db-1'),
    see('one'),
  ],
  'stateful-set-ordinals': [
    create(statefulSet({ replicas: 2, ordinals: { start: 5 } })),
    see('created'),
    change('statefulsets', 'db', { ordinals: { start: 4 } }),
    see('shifted'),
  ],
  'stateful-set-stuck': [
    create(statefulSet({ podManagementPolicy: 'Parallel' })),
    see('created'),
    change('statefulsets', 'db', faulty('never-ready')),
    see('stuck'),
  ],
  'stateful-set-history': [
    create(statefulSet({ replicas: 1, revisionHistoryLimit: 1 })),
    see('one'),
    change('statefulsets', 'db', image(2)),
    see('two'),
    change('statefulsets', 'db', image(3)),
    see('three'),
    change('statefulsets', 'db', image(4)),
    see('four'),
  ],
  'daemon-set': [
    create(daemonSet()),
    see('created'),
    change('daemonsets', 'ds', image(2)),
    see('rolled'),
    change('daemonsets', 'ds', image(1)),
    see('back'),
  ],
  'deployment-no-deadline': [
    create(deployment()),
    see('created'),
    change('deployments', 'web', { progressDeadlineSeconds: 2147483647 }),
    see('no deadline'),
    change('deployments', 'web', image(2)),
    see('image'),
    change('deployments', 'web', { progressDeadlineSeconds: 600 }),
    see('deadline'),
  ],
  'daemon-set-broken': [
    create(daemonSet()),
    see('created'),
    change('daemonsets', 'ds', faulty('never-ready')),
    see('broken'),
    change('daemonsets', 'ds', image(2)),
    see('broken again'),
    change('daemonsets', 'ds', { updateStrategy: { rollingUpdate: { maxUnavailable: 2 } } }),
    see('two at once'),
  ],
  'daemon-set-surge': [
    create(daemonSet({ updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } })),
    see('created'),
    change('daemonsets', 'ds', image(2)),
    see('rolled'),
    change('daemonsets', 'ds', faulty('never-ready')),
    see('stuck'),
  ],
  'job-indexed': [create(job({ ...indexed, completions: 3 })), see('done')],
  'job-suspended': [
    create(job({ suspend: true, completions: 2, parallelism: 2 })),
    see('suspended'),
    change('jobs', 'job', { suspend: false }),
    see('done'),
  ],
  'job-parallelism': [
    create(job({ parallelism: 3, completions: 6 }, 'never-ready')),
    see('three'),
    change('jobs', 'job', { parallelism: 1 }),
    see('one'),
  ],
  'job-limit': [create(job({ backoffLimit: 0 }, FAILS)), see('failed')],
  'job-limit-per-index': [create(job({ ...indexed, backoffLimitPerIndex: 0 }, FAILS)), see('failed')],
  'job-failure-policy': [create(job({ podFailurePolicy: exitPolicy('FailJob') }, failsWith(42))), see('failed')],
  'job-fail-index': [
    create(job({ ...indexed, backoffLimitPerIndex: 2, podFailurePolicy: exitPolicy('FailIndex') }, failsWith(42))),
    see('failed'),
  ],
  'job-success-policy': [
    create(job({ ...indexed, completions: 3, parallelism: 1, successPolicy: { rules: [{ succeededIndexes: '0' }] } })),
    see('done'),
  ],
  'job-managed': [create(job({ managedBy: 'example.com/other' })), see('alone')],
  endpoints: [
    create(deployment()),
    create(
      service({
        clusterIP: 'None',
        publishNotReadyAddresses: true,
        selector: { app: 'web' },
        ports: [{ port: 80, targetPort: 'http' }],
      }),
    ),
    see('created'),
    change('deployments', 'web', { replicas: 0 }),
    see('none'),
  ],
  'endpoints-unready': [
    create(deployment({}, { annotations: { 'hawser.dev/fault': 'never-ready' } })),
    create(service({ selector: { app: 'web' }, ports: [{ port: 80, appProtocol: 'http' }] })),
    see('created'),
  ],
  budget: [create(deployment({ replicas: 4 })), create(budget({ maxUnavailable: '30%' })), see('created')],
  'budget-without-number': [create(deployment()), see('created'), create(budget({})), see('guarded')],
  'budget-of-no-scale': [
    create(daemonSet({})),
    see('created'),
    create(budget({ minAvailable: '50%', selector: { matchLabels: { app: 'ds' } } })),
    see('guarded'),
  ],
  'budget-above': [create(deployment()), see('created'), create(budget({ minAvailable: 9 })), see('guarded')],
  'endpoints-ports': [
    create(deployment({ replicas: 2 }, tier)),
    create(other),
    see('created'),
    create(
      service({
        selector: { tier: 'x' },
        ports: [
          { name: 'a', port: 80, targetPort: 'http' },
          { name: 'b', port: 81, targetPort: 7000 },
        ],
      }),
    ),
    see('called'),
  ],
};
