// May a caller do this? Every right of the API is asked here.

import type { Right } from '../../api/rights.ts';
import { HawserError } from '../../core/errors.ts';
import { timestamp } from '../../core/time.ts';
import type { Access } from '../../engine/policy/access.ts';

export interface Caller {
  /** An account, or the name that an identity provider gives; '' for nobody. */
  readonly username: string;
  /** Who vouches for the name: ACCOUNTS for an account. */
  readonly issuer: string;
  readonly groups: readonly string[];
  /** When the token was issued, in seconds since 1970. */
  readonly issuedAt?: number;
  /** Calls from this machine, through the memory or the data folder of the process. */
  readonly isLocal?: boolean;
  /** A token that takes the place of one about to end. */
  readonly renewed?: string;
}

export const ACCOUNTS = 'argocd';

export const NOBODY: Caller = { username: '', issuer: '', groups: [] };

/** An account always has access to itself. */
export const isOwnAccount = ({ username, issuer }: Caller, account: string | undefined): boolean =>
  issuer === ACCOUNTS && username !== '' && username === account;

/** A policy: it decides at once, for a list asks about each of its items. */
export interface Enforcer {
  may(caller: Caller, right: Right): boolean;
}

/**
 * The policy of an installation. Whoever can use its data folder could change that policy, too. With `inherits` the right to
 * update or delete an application is one on each of its resources.
 */
export function policyEnforcer(access: () => Access, inherits: () => boolean = () => false): Enforcer {
  return {
    may: ({ username: name, groups, isLocal = false }, right) => {
      if (isLocal) return true;
      const subject = { name, groups };
      const policy = access();
      if (policy.may(subject, right)) return true;
      const whole = /^(update|delete)\//.exec(right.action)?.[1];
      return whole !== undefined && inherits() && policy.may(subject, { ...right, action: whole });
    },
  };
}

/** What may be done is decided elsewhere: by the cluster that a kubeconfig names. */
export const unrestricted: Enforcer = { may: () => true };

/** The reference's refusal where an object must stay hidden: the same for one that is missing. */
export function permissionDenied(): HawserError {
  return new HawserError('not-allowed', 'permission denied');
}

/** The refusal of a right, named. */
export function rightDenied(caller: Caller, { resource, action, object }: Right): HawserError {
  const subject = caller.username === '' ? [] : [`sub: ${caller.username}`];
  const issued = caller.issuedAt === undefined ? [] : [`iat: ${timestamp(caller.issuedAt * 1000)}`];
  return new HawserError(
    'not-allowed',
    `permission denied: ${[resource, action, object, ...subject, ...issued].join(', ')}`,
  );
}
