// What git says when it fails, as an error that a user understands.

import { HawserError } from '../../core/errors.ts';
import { withoutLogins } from '../../core/url.ts';

declare module '../../core/errors.ts' {
  interface Reasons {
    'commit-refused': unknown;
    'repository-missing': unknown;
    'repository-login': unknown;
    'repository-refused': unknown;
    'unsupported-repository-type': unknown;
  }
}

interface Reading {
  readonly says: RegExp;
  readonly failure: (url: string, line: string) => HawserError;
}

const LOGIN_HINT =
  'give the server a login: hawser repo add URL --username NAME --password-stdin, or --ssh-private-key-path FILE';

/** Git takes most pages of the web for a broken repository, and some for an empty one. */
export const webPage = (url: string): HawserError =>
  new HawserError('invalid', `'${url}' is a web page, not a Git repository`, {
    hint: 'copy the URL that the host offers for git clone; mostly it ends with .git',
  });

const READINGS: readonly Reading[] = [
  { says: /info\/refs not valid/, failure: webPage },
  {
    // What the proxy of a shared server answers.
    says: /(error:|response|code) 421\b/,
    failure: (url) =>
      new HawserError('invalid', `'${url}' leads to an address that no repository is fetched from`, {
        hint: 'a name or a redirect leads there; hawser server --local-repositories permits the machine of the server',
      }),
  },
  {
    says: /could not read (Username|Password)|terminal prompts disabled|Authentication failed|invalid credentials|HTTP (Basic: )?Access denied|error: 40[13]|Permission denied|Invalid username or password/i,
    failure: (url) =>
      new HawserError('invalid', `authentication required for repository '${url}'`, {
        hint: LOGIN_HINT,
        reason: { kind: 'repository-login' },
      }),
  },
  {
    says: /Host key verification failed/,
    failure: (url) =>
      new HawserError('invalid', `the host key of '${url}' is not known`, {
        hint: 'connect once with ssh, or add the key: ssh-keyscan HOST | hawser cert add-ssh --batch',
      }),
  },
  {
    says: /SSL certificate|certificate verify failed|self.signed certificate|unable to get local issuer/i,
    failure: (url, line) =>
      new HawserError('unreachable', `the certificate of '${url}' is not trusted: ${line}`, {
        hint: 'name the certificate of its authority: hawser cert add-tls HOST --from FILE, or SSL_CERT_FILE=FILE',
      }),
  },
  {
    says: /Could not resolve host|Connection refused|Connection timed out|Connection reset|Failed to connect|Couldn't connect|Network is unreachable|Operation timed out|early EOF|hung up unexpectedly|error: 5\d\d|CONNECT tunnel failed, response 50\d|HTTP code 50\d from proxy/i,
    failure: (url, line) =>
      new HawserError('unreachable', `repository '${url}' is unreachable: ${line}`, {
        hint: 'check the URL, the network and the proxy settings',
        ...(/refused|Failed to connect|Couldn't connect/i.test(line) ? { reason: { kind: 'repository-refused' } } : {}),
      }),
  },
  {
    says: /not found|does not exist|does not appear to be a git repository|error: 404/i,
    failure: (url) =>
      new HawserError('invalid', `repository '${url}' not found`, {
        hint: `check the URL; a private repository may look missing: ${LOGIN_HINT}`,
        reason: { kind: 'repository-missing' },
      }),
  },
];

/** What stood behind a failed git command; `secrets` are wiped from what it said. */
export function gitFailure(url: string, stderr: string, secrets: readonly string[] = []): HawserError {
  const line = wiped(usefulLine(stderr), secrets);
  const reading = READINGS.find(({ says }) => says.test(stderr));
  if (reading) return reading.failure(withoutLogins(url), line);
  return new HawserError('invalid', `repository '${withoutLogins(url)}': ${line}`, {
    ...(REFUSAL.test(line) ? { reason: { kind: 'commit-refused' } } : {}),
  });
}

/** Servers that give branches and tags, but no commit by its name. */
const REFUSAL = /not our ref|unadvertised object|couldn't find remote ref|no such remote ref/i;

const MISSING = /not a tree object|Not a valid object name|bad object/i;

/** Whether git knows nothing of the commit that it was asked for. */
export const isMissingCommit = (stderr: string): boolean => MISSING.test(stderr);

/** What git says of objects that it cannot read; they were there, or what names them would not be. */
const DAMAGE = /is corrupt|hash mismatch|object file .* is empty|inflate:|unable to unpack|too long, exceeds|^$/;

/** A commit whose files cannot be read; undefined where git complains of something else. */
export function damage({ url, gitFolder }: Checkout, stderr: string): HawserError | undefined {
  const line = usefulLine(stderr.trim() === '' ? 'an object is missing' : stderr);
  if (!DAMAGE.test(stderr.trim())) return undefined;
  return new HawserError('invalid', `repository '${withoutLogins(url)}' is damaged: ${line}`, {
    hint: `git --git-dir ${gitFolder} fsck says what is broken; a new clone has it whole`,
  });
}

interface Checkout {
  readonly url: string;
  readonly gitFolder: string;
}

/** Whether trying again may help. */
export function isTransient(stderr: string): boolean {
  return /Could not resolve host|Connection (refused|reset|timed out)|hung up unexpectedly|early EOF|error: (429|5\d\d)/i.test(
    stderr,
  );
}

function usefulLine(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const first = lines.find((line) => /^(fatal|error|ERROR):/.test(line)) ?? lines.find((line) => line !== '');
  return (first ?? 'git failed without a word').replace(/^(fatal|error|ERROR): /, '');
}

function wiped(text: string, secrets: readonly string[]): string {
  let clean = withoutLogins(text);
  for (const secret of secrets) if (secret.length > 2) clean = clean.replaceAll(secret, '***');
  return clean;
}
