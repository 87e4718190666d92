// What one transcript tells of the server behind it: the applications it shows, the rows it printed, the refusal it met.

import { GRPC_NAMES } from '../../../src/api/status.ts';
import { isObject, type Json, type JsonObject, textAt } from '../../../src/core/json.ts';
import { filled, MOMENT } from './placeholders.ts';
import type { Transcript } from './read.ts';
import { applicationIn, applicationsIn, batchesIn, documentIn } from './shown.ts';

/** What other transcripts of the file tell of its applications. */
export interface Knowledge {
  readonly applications: ReadonlyMap<string, JsonObject>;
  readonly all: readonly JsonObject[];
  readonly history: readonly JsonObject[];
  /** The names of the sources of an application, by its name, or by the transcript's id. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Json;
}

export interface Scene {
  readonly transcript: Transcript;
  readonly known: Knowledge;
  /** The words of the command, without flags and their values: 'app', 'get', 'guestbook'. */
  readonly words: readonly string[];
  readonly shown: readonly JsonObject[];
  /** The rows of progress of each application, in the order of the blocks they stand before. */
  readonly progress: readonly (readonly (readonly (readonly string[])[])[])[];
  readonly refusal: { readonly code: number; readonly message: string } | undefined;
}

export function sceneOf(transcript: Transcript, known: Knowledge): Scene {
  const { stdout, argv } = transcript;
  return {
    transcript,
    known,
    words: wordsOf(argv),
    shown: transcript.cut ? [] : shownIn(stdout),
    progress: stdout
      .split(/^Name: .*$/m)
      .map((part) => batchesIn(part.split('\n').filter((line) => line.startsWith(`${MOMENT}+00:00`)))),
    refusal: refusalIn(transcript.stderr),
  };
}

/** Flags of which we know that they take no value; every other one that stands apart takes the next word. */
const SWITCHES =
  /^(--(prune|async|yes|wait|refresh|hard-refresh|dry-run|upsert|all|force|orphan|follow|sync|health|operation|delete|suspended|degraded|hydrated|previous|match-case|orphaned|show-params|show-operation|show-managed-fields|preview-changes|assumeYes|server-side|replace|apply-out-of-sync-only|client|short|plaintext|set-finalizer|auto-prune|self-heal|directory-recurse|ref|nameprefix|namesuffix|prompts-enabled|grpc-web|skip-test-tls)|-[yfm])$/;

function wordsOf(argv: readonly string[]): string[] {
  const words: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (!word.startsWith('-')) words.push(word);
    else if (!word.includes('=') && !SWITCHES.test(word)) index += 1;
  }
  return words;
}

/** Every application that an output shows, whatever its format. */
export function shownIn(stdout: string): JsonObject[] {
  const document = documentIn(stdout);
  if (Array.isArray(document)) return document.filter(isObject);
  if (isObject(document)) return [document];
  if (/^NAME +CLUSTER/.test(stdout)) return applicationsIn(stdout);
  if (/^[\w-]+\/[\w-]+\n/.test(stdout)) return stdout.trimEnd().split('\n').map(named);
  const blocks = filled(stdout)
    .split(/^(?=Name: +\S+\/)/m)
    .filter((block) => block.startsWith('Name:'));
  return blocks.map((block) => applicationIn(block.replace(/^TIMESTAMP[\s\S]*$/m, '')));
}

export function named(qualified: string): JsonObject {
  const [namespace = '', name = ''] = qualified.split('/');
  return { ...anyApplication(name), metadata: { name, namespace } };
}

export function anyApplication(name: string): JsonObject {
  return {
    metadata: { name, namespace: 'argocd', resourceVersion: '7' },
    spec: {
      source: { repoURL: 'http://127.0.0.1:8900/examples.git', path: 'guestbook', targetRevision: 'v1' },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'conformance' },
      project: 'default',
    },
    status: {
      sync: { status: 'Synced', revision: 'cbcc32be406def098a0aa016ae11aa39b7b7bf3d' },
      health: { status: 'Healthy' },
    },
  };
}

function refusalIn(stderr: string): Scene['refusal'] {
  const [, message = ''] = /"?msg"?[:=]"((?:[^"\\]|\\.)*)"/.exec(stderr) ?? [];
  const [, name = '', text = ''] =
    /^(?:stream read failed: )?rpc error: code = (\w+) desc = ([\s\S]*)$/.exec(JSON.parse(`"${message}"`)) ?? [];
  const code = Object.entries(GRPC_NAMES).find(([, known]) => known === name)?.[0];
  return code === undefined ? undefined : { code: Number(code), message: text };
}

/** The rows that were printed while an application was followed. */
export function progressOf({ progress, shown }: Scene, name: string): Scene['progress'][number] {
  const index = shown.findIndex((app) => textAt(app, 'metadata', 'name') === name);
  return progress[Math.max(0, index)] ?? [];
}
