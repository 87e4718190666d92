// The programs that rendering needs: where they are, which versions they have.

import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HawserError } from '../core/errors.ts';
import { childEnvironment } from './environment.ts';
import { execute } from './execute.ts';

export type ToolName = 'git' | 'helm' | 'kubectl' | 'kustomize' | 'jsonnet' | 'gpg';

export interface Tools {
  /** The file of a program; throws `missing-tool` with the line that gets it. */
  find(name: ToolName): Promise<string>;
  /** The same, undefined where there is none. */
  look(name: ToolName): Promise<string | undefined>;
  /** What each program that is there says of its version. */
  versions(): Promise<Readonly<Partial<Record<ToolName, string>>>>;
  /** Every program that rendering may need: where it is, and whether it is new enough. */
  states(): Promise<readonly ToolState[]>;
}

export interface ToolState {
  readonly name: ToolName;
  /** Absent where there is none. */
  readonly path?: string;
  /** Absent where it does not say. */
  readonly version?: string;
  /** The oldest version that has what is asked of it. */
  readonly minimum: string;
  readonly isSupported: boolean;
  /** The line that gets it. */
  readonly hint: string;
}

interface Known {
  readonly files: readonly string[];
  readonly version: readonly string[];
  readonly minimum: string;
  readonly hint: string;
}

const KNOWN = {
  git: { files: ['git'], version: ['--version'], minimum: '2.29', hint: 'apt-get install git (or: brew install git)' },
  helm: {
    files: ['helm'],
    version: ['version', '--short'],
    minimum: '3.1',
    hint: 'curl -fsSL https://raw.githubusercontent.com/helm/helm/main/scripts/get-helm-4 | bash',
  },
  kubectl: {
    files: ['kubectl'],
    version: ['version', '--client'],
    minimum: '1.21',
    hint: 'see https://kubernetes.io/docs/tasks/tools (or: brew install kubectl)',
  },
  kustomize: {
    files: ['kustomize'],
    version: ['version'],
    minimum: '4.0',
    hint: 'brew install kustomize; a kubectl on the PATH is enough, too: https://kubernetes.io/docs/tasks/tools',
  },
  jsonnet: {
    files: ['jsonnet', 'go-jsonnet'],
    version: ['--version'],
    minimum: '0.10',
    hint: 'apt-get install jsonnet (or: go install github.com/google/go-jsonnet/cmd/jsonnet@latest)',
  },
  gpg: {
    files: ['gpg', 'gpg2'],
    version: ['--version'],
    minimum: '2.0',
    hint: 'apt-get install gpg (or: brew install gnupg)',
  },
} as const satisfies Record<ToolName, Known>;

/** What rendering needs; gpg is asked for where a project demands signatures. */

const NAMES = ['git', 'helm', 'kubectl', 'kustomize', 'jsonnet'] as const;

/** Finds programs in `HAWSER_TOOLS`, then on the PATH, then in `.tools` of a clone, which `scripts/tools.js` fills. */
export function createTools(environment: NodeJS.ProcessEnv): Tools {
  const lookups = new Map<ToolName, Promise<string | undefined>>();
  const look = (name: ToolName): Promise<string | undefined> => {
    const lookup = lookups.get(name);
    if (lookup) return lookup;
    const search = firstFile(foldersOf(environment), KNOWN[name].files, environment);
    lookups.set(name, search);
    return search;
  };
  return {
    look,
    async find(name) {
      const path = await look(name);
      if (path !== undefined) return path;
      lookups.delete(name);
      throw new HawserError('missing-tool', `${name} was not found on the PATH`, { hint: KNOWN[name].hint });
    },
    async versions() {
      const versions = await Promise.all(
        NAMES.map(async (name) => {
          const program = await look(name);
          return program === undefined ? [] : [[name, await versionOf(name, program, environment)] as const];
        }),
      );
      return Object.fromEntries(versions.flat());
    },
    states: () => Promise.all(NAMES.map(async (name) => stateOf(name, await look(name), environment))),
  };
}

async function stateOf(
  name: ToolName,
  program: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<ToolState> {
  const { minimum, hint } = KNOWN[name];
  if (program === undefined) return { name, minimum, hint, isSupported: false };
  const said = await versionOf(name, program, environment).catch(() => UNKNOWN);
  const version = said === UNKNOWN ? {} : { version: said };
  return { name, path: program, ...version, minimum, hint, isSupported: isAtLeast(said, minimum) };
}

/** By the first two numbers; a version that says nothing is given the benefit of the doubt. */
function isAtLeast(version: string, minimum: string): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  const [leastMajor = 0, leastMinor = 0] = minimum.split('.').map(Number);
  if (major === undefined) return true;
  return Number(major) > leastMajor || (Number(major) === leastMajor && Number(minor) >= leastMinor);
}

const UNKNOWN = 'unknown';

async function versionOf(name: ToolName, program: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const { stdout, stderr } = await execute({
    program,
    name,
    arguments: KNOWN[name].version,
    environment: childEnvironment(environment),
    timeoutMs: 10_000,
  });
  return /v?\d+\.\d+[\w.+-]*/.exec(`${stdout.toString('utf8')}\n${stderr}`)?.[0] ?? UNKNOWN;
}

function foldersOf(environment: NodeJS.ProcessEnv): string[] {
  const own = environment['HAWSER_TOOLS'];
  const path = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...(own ? [own] : []), ...path, ...cloneFolders()];
}

/** `.tools` beside `src` or `dist`: the code runs from two or one level below the root of a clone. */
function cloneFolders(): string[] {
  const here = dirname(fileURLToPath(import.meta.url));
  return [join(here, '..', '.tools'), join(here, '..', '..', '.tools')];
}

async function firstFile(
  folders: readonly string[],
  files: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const endings = process.platform === 'win32' ? (environment['PATHEXT'] ?? '.EXE').split(';') : [''];
  for (const folder of folders) {
    for (const file of files) {
      for (const ending of endings) {
        const path = join(folder, `${file}${ending}`);
        if (await isProgram(path)) return path;
      }
    }
  }
  return undefined;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
