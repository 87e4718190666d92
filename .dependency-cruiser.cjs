// Who may import whom. Each layer lists what it may use; the reason is what it would otherwise come to know.

const layer = (name, may, why) => ({
  name: `layer-${name}`,
  comment: why,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: '^src/', pathNot: [`^src/${name}/`, ...may.map((other) => `^src/${other}/`)] },
});

/** The parts of cli that commands are made of. */
const CLI_ROOMS = '(causes|checks|ci|compat|config|input|io|offline|output|top|waiting)';

/** Each outside package, and where it may be imported. */
const DOORS = [
  ['axios', '^src/(client|repo|notifications|server)/http[.]ts$', 'retries, proxies and TLS in one place'],
  [
    'bcryptjs',
    ['^src/server/auth/admin-secret[.]ts$', '^src/cli/commands/account/bcrypt[.]ts$'],
    'hashes of passwords',
  ],
  ['chalk', '^src/cli/io/', 'colour by meaning is made in cli/io'],
  ['cli-table3', '^src/render/', 'tables with rules'],
  ['commander', '^src/cli/', 'argv is read in cli'],
  ['@marcbachmann/cel-js', '^src/local-cluster/validation/cel/', 'rules of custom resources'],
  ['croner', '^src/core/cron[.]ts$', 'cron is read by the rules of Go, in one place'],
  ['diff', ['^src/render/', '^src/local-cluster/validation/line-diff[.]ts$'], 'lines that differ'],
  ['fastify', '^src/server/http/listen[.]ts$', 'HTTP ends at the edge'],
  ['fs-native-extensions', '^src/server/door/lock[.]ts$', 'locks of the kernel'],
  ['https-proxy-agent', '^src/(client|kubernetes|repo)/http[.]ts$', 'proxies'],
  ['inquirer', '^src/cli/io/', 'prompts are guarded in cli/io'],
  ['jose', '^src/server/auth/tokens[.]ts$', 'tokens are signed and read in one place'],
  ['js-yaml', '^src/core/yaml(-schema|-positions)?[.]ts$', 'YAML is read by the rules of Go, in one place'],
  ['openid-client', '^src/client/sso/', 'login by an identity provider'],
  ['re2js', '^src/core/regexp[.]ts$', 'expressions of others, in time that their length bounds'],
  ['selfsigned', '^src/server/http/self-signed[.]ts$', 'certificates'],
  ['semver', '^src/core/version[.]ts$', 'ranges of versions'],
  ['tar-stream', '^src/repo/charts/archive[.]ts$', 'packed charts'],
  ['ws', '^src/kubernetes/port-forward[.]ts$', 'ports of Pods'],
];

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
        ['api', 'webhooks', 'engine', 'model', 'objects', 'cache', 'core'],
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
    layer('webhooks', ['model', 'objects', 'core'], 'what a push means is known without a server'),
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
    layer('boot', ['cli', 'core'], 'a start is cheap by what it does not know'),
    {
      name: 'main',
      comment: 'the process only joins the command line with its streams',
      severity: 'error',
      from: { path: '^src/main[.]ts$' },
      to: { path: '^src/', pathNot: ['^src/cli/', '^src/core/'] },
    },
    {
      name: 'cli-downhill',
      comment: 'what commands are made of knows neither a command nor the program',
      severity: 'error',
      from: { path: `^src/cli/${CLI_ROOMS}/` },
      to: { path: '^src/cli/', pathNot: [`^src/cli/${CLI_ROOMS}/`, '^src/cli/context[.]ts$'] },
    },
    {
      name: 'command-to-command',
      comment: 'what two verbs share stands in shared/ of their noun, or in a room of cli',
      severity: 'error',
      from: { path: '^src/cli/commands/([^/]+)/([^/.]+)' },
      to: { path: '^src/cli/commands/', pathNot: ['^src/cli/commands/$1/($2|shared|spec)(/|[.]ts$)'], dynamic: false },
    },
    {
      name: 'command-without-system',
      comment: 'a command reaches files, programs and sockets through the rooms of cli, where they are guarded',
      severity: 'error',
      from: { path: '^src/cli/commands/' },
      to: {
        dependencyTypes: ['core'],
        path: '^(node:)?(fs|fs/promises|child_process|net|http|http2|https|tls|dgram|worker_threads)$',
      },
    },
    {
      name: 'system-is-lazy',
      comment: 'whoever does not speak to the local context must not pay for the system',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/server/' },
      to: { path: '^src/cli/system[.]ts$', dynamic: false },
    },
    {
      name: 'pure-layers',
      comment: 'no Node built-in where decisions are made; scripts/law.js looks for clock, chance and process',
      severity: 'error',
      from: { path: '^src/(core|objects|model|api|engine|render)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-circles',
      comment: 'what needs each other is one thing, or drawn wrong',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...DOORS.map(([name, from, why]) => ({
      name: `door-${name}`,
      comment: why,
      severity: 'error',
      from: { path: '^src/', pathNot: from },
      to: { path: `(^|/)node_modules/${name}/` },
    })),
    {
      name: 'package-without-a-door',
      comment: 'each outside package has one place that may import it: add it to DOORS',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '(^|/)node_modules/', pathNot: DOORS.map(([name]) => `(^|/)node_modules/${name}/`) },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '[.]d[.]ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
