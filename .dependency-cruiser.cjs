// Who may import whom. Each layer lists what it may use; the reason is what it would otherwise come to know.

const layer = (name, may, why) => ({
  name: `layer-${name}`,
  comment: why,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: '^src/', pathNot: [`^src/${name}/`, ...may.map((other) => `^src/${other}/`)] },
});

const door = (name, packages, from, why) => ({
  name: `door-${name}`,
  comment: why,
  severity: 'error',
  from: { path: '^src/', pathNot: from },
  to: { path: packages.map((pack) => `(^|/)node_modules/${pack}/`) },
});

module.exports = {
  forbidden: [
    layer('core', [], 'core knows no Kubernetes and no domain, so that everything may stand on it'),
    layer('objects', ['core'], 'what a Kubernetes object is does not depend on Argo or on I/O'),
    layer('model', ['objects', 'core'], 'the domain does not know how it is stored or sent'),
    layer('api', ['model', 'core'], 'the contract is stated without a client or a server'),
    layer('engine', ['model', 'objects', 'core'], 'decisions are pure: no time, files or network'),
    layer('cache', ['core'], 'a cache does not know who uses it'),
    layer('repo', ['model', 'cache', 'core'], 'the repo server never speaks to Kubernetes or the controller'),
    layer('kubernetes', ['objects', 'core'], 'the client must not be able to tell one cluster from another'),
    layer('local-cluster', ['objects', 'core'], 'to the local cluster an Application is one more custom resource'),
    layer(
      'controller',
      ['engine', 'model', 'objects', 'cache', 'core'],
      'the controller reaches everything else by its own ports',
    ),
    {
      ...layer(
        'server',
        ['api', 'engine', 'model', 'objects', 'cache', 'core'],
        'the edge does not know how the system is joined; compose/ alone does',
      ),
      from: { path: '^src/server/', pathNot: '^src/server/compose/' },
    },
    {
      name: 'server-compose',
      comment: 'what is joined does not know who joins it',
      severity: 'error',
      from: { path: '^src/server/', pathNot: '^src/server/compose/' },
      to: { path: '^src/server/compose/' },
    },
    layer('client', ['api', 'model', 'core'], 'the client does not know which command calls'),
    layer('render', ['model', 'core'], 'a view is text: no HTTP, no colours of a terminal, no streams'),
    {
      ...layer(
        'cli',
        ['client', 'render', 'api', 'model', 'core'],
        'commands speak to the system through the API alone; system.ts opens it',
      ),
      from: { path: '^src/cli/', pathNot: '^src/cli/system[.]ts$' },
    },
    {
      name: 'cli-system',
      comment: 'the one file of the command line that opens the embedded system sees the server, and nothing behind it',
      severity: 'error',
      from: { path: '^src/cli/system[.]ts$' },
      to: { path: '^src/', pathNot: ['^src/cli/', '^src/server/', '^src/core/'] },
    },
    {
      name: 'main',
      comment: 'the process only joins the command line with its streams',
      severity: 'error',
      from: { path: '^src/(main[.]ts$|boot/)' },
      to: { path: '^src/', pathNot: ['^src/boot/', '^src/cli/', '^src/core/'] },
    },
    {
      name: 'system-is-lazy',
      comment: 'whoever does not speak to the local context must not pay for the system',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/server/' },
      to: { path: '^src/cli/system[.]ts$', dynamic: false },
    },
    {
      name: 'engine-is-pure',
      comment: 'no time, files or network where decisions are made',
      severity: 'error',
      from: { path: '^src/(core|objects|model|api|engine|render)/' },
      to: { dependencyTypes: ['core'], path: '^(node:)?(fs|net|http|https|child_process|os|tls|timers)' },
    },
    {
      name: 'no-circles',
      comment: 'what needs each other is one thing, or drawn wrong',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    door('commander', ['commander'], '^src/cli/', 'one door per package: argv is read in cli'),
    door('chalk', ['chalk'], '^src/cli/io/', 'one door per package: colour by meaning is made in cli/io'),
    door('inquirer', ['inquirer'], '^src/cli/io/', 'one door per package: prompts are guarded in cli/io'),
    door('cli-table3', ['cli-table3'], '^src/render/', 'one door per package'),
    door('js-yaml', ['js-yaml'], '^src/core/yaml(-schema)?[.]ts$', 'YAML is read by the rules of Go, in one place'),
    door('fastify', ['fastify'], '^src/server/http/listen[.]ts$', 'one door per package'),
    door(
      'axios',
      ['axios'],
      '^src/(client|repo|notifications|server)/http[.]ts$',
      'one door per package: retries, proxies and TLS in one place',
    ),
    door('openid-client', ['openid-client'], '^src/client/sso/', 'one door per package: login by an identity provider'),
    door(
      'fs-native-extensions',
      ['fs-native-extensions'],
      '^src/server/door/lock[.]ts$',
      'one door per package: locks',
    ),
    door('ws', ['ws'], '^src/kubernetes/port-forward[.]ts$', 'one door per package: ports of Pods'),
    door('https-proxy-agent', ['https-proxy-agent'], '^src/client/http[.]ts$', 'one door per package'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '[.]d[.]ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
