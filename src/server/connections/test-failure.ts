// Why a repository could not be read, in the words by which clients of the reference tell it.

import type { HawserError } from '../../core/errors.ts';

const LISTING = 'error testing repository connectivity: unable to ls-remote HEAD on repository: failed to list refs: ';

/** The reference takes whatever goes wrong for an unknown failure. */
export function testFailure(failure: HawserError, url: string): HawserError {
  const { reason } = failure;
  return failure.with({ code: 'internal', message: wording(reason?.kind ?? '', failure, url), details: { grpc: 2 } });
}

function wording(kind: string, { message }: HawserError, url: string): string {
  if (kind === 'unsupported-repository-type') return message;
  if (kind === 'repository-missing') return `${LISTING}repository not found: `;
  if (kind === 'repository-login') return `${LISTING}authentication required: `;
  if (kind === 'repository-refused' && /^https?:/.test(url))
    return `${LISTING}Get "${url}/info/refs?service=git-upload-pack": dial tcp ${addressOf(url)}: connect: connection refused`;
  return `error testing repository connectivity: ${message}`;
}

function addressOf(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}
