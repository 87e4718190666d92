// Help on what is true of every command: `hawser help TOPIC`.

import { EXIT_CODE_TABLE } from '../../render/exit-codes.ts';
import type { HelpPage, HelpSection, Term } from '../../render/help-page.ts';
import { textOf } from '../../render/table.ts';

export interface Topic extends HelpPage {
  readonly name: string;
  readonly summary: string;
}

const terms = (...pairs: readonly (readonly [string, string])[]): Term[] =>
  pairs.map(([term, about]) => ({ term, about }));

const VARIABLES: readonly HelpSection[] = [
  {
    heading: 'Server and login',
    terms: terms(
      ['HAWSER_SERVER, ARGOCD_SERVER', 'address of the server (--server)'],
      ['HAWSER_AUTH_TOKEN, ARGOCD_AUTH_TOKEN', 'token to use instead of a saved login (--auth-token)'],
      ['HAWSER_USERNAME, HAWSER_PASSWORD', 'name and password for hawser login'],
      ['HAWSER_REPO_PASSWORD, HAWSER_REPO_BEARER_TOKEN', 'login for hawser repo add and hawser repocreds add'],
      ['HAWSER_CLUSTER_BEARER_TOKEN', 'token for hawser admin cluster generate-spec'],
      ['HAWSER_CONTEXT', 'saved context to use (--argocd-context)'],
      ['HAWSER_USERNAME, HAWSER_PASSWORD', 'for hawser login, where no flag says it'],
      ['HAWSER_OPTS, ARGOCD_OPTS', 'global flags for every command, like "--grpc-web-root-path /argocd"'],
      ['HAWSER_SERVER_NAME, ARGOCD_SERVER_NAME', 'name label of the server for --port-forward'],
      ['KUBECONFIG', 'kubeconfig for --core and --port-forward'],
      ['HTTPS_PROXY, HTTP_PROXY, NO_PROXY', 'proxy for requests, in capital or small letters'],
    ),
  },
  {
    heading: 'Files',
    terms: terms(
      ['HAWSER_CONFIG_DIR, ARGOCD_CONFIG_DIR', 'folder of the configuration (default: ~/.config/argocd)'],
      ['HAWSER_DATA_DIR', 'data folder of the local system (default: ~/.local/share/hawser)'],
      ['HAWSER_TOOLS', 'folder with git, helm, kustomize and jsonnet, looked into before PATH'],
      ['XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_CACHE_HOME', 'what stands for ~/.config, ~/.local/share and ~/.cache'],
    ),
  },
  {
    heading: 'Output and prompts',
    terms: terms(
      ['NO_COLOR, HAWSER_NO_COLOR', 'no colours'],
      ['FORCE_COLOR, CLICOLOR_FORCE', 'colours in a pipe too'],
      ['CLICOLOR', 'set to 0: no colours'],
      ['HAWSER_PROGRESS', 'how waiting commands show progress (--progress)'],
      ['TERM', 'set to dumb: no colours, no redraws, ASCII alone'],
      ['LC_ALL, LC_CTYPE, LANG', 'without UTF-8: ASCII alone'],
      ['COLUMNS', 'width of the output where there is no terminal'],
      ['HAWSER_PROGRESS', 'progress of a wait: auto, plain, json or none (--progress)'],
      ['HAWSER_SCREEN_READER', 'set to 1: lines in place of pictures that are redrawn; 0 overrules the preferences'],
      ['HAWSER_CI', 'pipeline to write for: auto, github, gitlab or none (--ci)'],
      ['CI', 'set: no prompts, no redraws, and no local system in place of a server'],
      ['HAWSER_BULK_LIMIT', 'applications that sync and delete may change without --confirm (default: 10), or off'],
      ['EDITOR', 'editor for app edit (default: vi)'],
      ['KUBECTL_EXTERNAL_DIFF', 'program that shows the differences of app diff'],
    ),
  },
  {
    heading: 'Drop-in mode',
    terms: terms(['HAWSER_COMPAT', 'set to argocd: exit codes, columns and defaults of argocd']),
  },
];

export const TOPICS: readonly Topic[] = [
  {
    name: 'exit-codes',
    summary: 'What each exit code means',
    description: 'Exit codes tell causes apart. They are the same for every command.',
    sections: [
      {
        heading: 'Exit codes',
        terms: EXIT_CODE_TABLE.rows.map(([code = '', meaning = '']) => ({
          term: textOf(code),
          about: textOf(meaning),
        })),
      },
      {
        heading: 'Examples',
        examples: [
          { about: 'Is there anything to deploy?', line: 'hawser app diff shop > /dev/null || echo "not in sync"' },
          { about: 'Tell a timeout (7) from a failed sync (5)', line: 'hawser app sync shop; echo $?' },
        ],
      },
      { text: 'In drop-in mode (HAWSER_COMPAT=argocd) the exit codes are those of argocd: 1 and 20.' },
    ],
  },
  {
    name: 'environment',
    summary: 'Environment variables that are read',
    description:
      'Environment variables that are read. A flag wins over a variable, and HAWSER_ wins over ARGOCD_, except in HAWSER_OPTS and ARGOCD_OPTS, which win over other variables.',
    sections: VARIABLES,
  },
  {
    name: 'formatting',
    summary: 'Output formats, for people and for scripts',
    description:
      'The answer of a command is written to stdout, progress and advice to stderr. With -o json or -o yaml, stdout always parses, also when the command fails.',
    sections: [
      {
        heading: 'Formats of -o',
        terms: terms(
          ['wide, table', 'a table; in a terminal it is fitted to the width'],
          ['name', 'one name a line'],
          ['json, yaml', 'the whole answer; a failure is a document with code, message and hint'],
          ['csv', 'comma-separated values'],
          ['jsonpath=EXPR', "values by an expression, like jsonpath='{.items[*].metadata.name}'"],
          ['go-template=TEMPLATE', "a template of Go, like '{{.metadata.name}}'; <no value> is what is missing"],
          ['custom-columns=SPEC', 'a table of your own, like custom-columns=NAME:.metadata.name'],
          ['tree, tree=detailed', 'resources and what they own'],
        ),
      },
      {
        text: 'Not every command has every format; its help lists those it has. What answers in JSON takes jsonpath, go-template, custom-columns and --jq as well. A list is .items for all of these but jq, to which it is the list itself.',
      },
      {
        heading: 'Examples',
        examples: [
          { about: 'Names of all degraded applications', line: 'hawser app list --health Degraded -o name' },
          {
            about: 'A table of your own',
            line: 'hawser app list -o custom-columns=APP:.metadata.name,TEAM:.spec.project',
          },
          { about: 'One value for a script', line: 'hawser app get shop --jq .status.health.status' },
          {
            about: 'Names and revisions of what is not synced',
            line: `hawser app list --jq '.[] | select(.status.sync.status != "Synced") | [.metadata.name, .status.sync.revision] | @tsv'`,
          },
          {
            about: 'Images of all resources',
            line: "hawser app get shop -o jsonpath='{.status.summary.images[*]}'",
          },
        ],
      },
      {
        heading: 'Colours',
        text: 'Colours are written to a terminal only. --color always or never decides otherwise, NO_COLOR turns them off.',
      },
    ],
  },
  {
    name: 'config',
    summary: 'Contexts, files and settings',
    description:
      'Logins are kept as contexts in the configuration file of argocd, ~/.config/argocd/config: both programs use the same file.',
    sections: [
      {
        heading: 'Which server is used',
        text: '1. --core or --port-forward\n2. --argocd-context, or HAWSER_CONTEXT\n3. --server, or HAWSER_SERVER or ARGOCD_SERVER\n4. the current context of the configuration file\n5. the local system, if nothing speaks of a server (a token, a connection flag, --config or CI)',
      },
      {
        heading: 'Files',
        terms: terms(
          ['~/.config/argocd/config', 'contexts, servers and logins; readable by you alone'],
          [
            '~/.config/hawser/preferences.yaml',
            'aliases (hawser alias); screenReader: true for lines in place of redraws',
          ],
          ['~/.local/share/hawser', 'state of the local system'],
        ),
      },
      {
        heading: 'Examples',
        examples: [
          { about: 'Log in, and name the context', line: 'hawser login cd.example.com --name prod' },
          { about: 'List the contexts', line: 'hawser context' },
          { about: 'Switch to another context, and back', line: 'hawser context staging\nhawser context -' },
          { about: 'Use the local system once', line: 'hawser app list --argocd-context local' },
        ],
      },
    ],
  },
  {
    name: 'ci',
    summary: 'Use in pipelines',
    description:
      'In a pipeline (CI is set) there are no prompts and no redraws, and a missing server is an error: the local system never stands in for it.',
    sections: [
      {
        heading: 'Examples',
        examples: [
          {
            about: 'The server and a token come from the environment',
            line: 'export ARGOCD_SERVER=cd.example.com\nexport ARGOCD_AUTH_TOKEN="$TOKEN"\nhawser app sync shop',
          },
          {
            about: 'Wait until the commit that was just pushed is deployed',
            line: 'hawser app wait shop --revision "$(git rev-parse HEAD)" --timeout 300',
          },
          { about: 'Fail if something differs (1)', line: 'hawser app diff shop' },
          {
            about: 'The reason of a failure, as JSON',
            line: 'hawser app sync shop -o json | jq -r \'.error.code // "done"\'',
          },
        ],
      },
      {
        heading: 'Good to know',
        text: 'A token of an account: hawser account generate-token --account ci\nWithout --timeout a wait ends after ten minutes (7).\nOne line a change is written to stderr; --progress json writes events.\nA question that nobody can answer ends with 11, and the hint names the flag that answers it.',
      },
    ],
  },
];
