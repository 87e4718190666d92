// Signs and reads tokens with the key of the installation.

import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/time.ts';
import type { SecretStore } from './secret-store.ts';
import type { Settings, SettingsObjects } from './settings.ts';
import { signToken, type TokenClaims, verifyToken } from './tokens.ts';

export interface NewToken {
  readonly id?: string;
  /** In seconds; 0 or absent for one without an end. */
  readonly expiresIn?: number;
}

export interface SignedToken {
  readonly token: string;
  readonly claims: TokenClaims;
}

export interface Issuer {
  /** To be awaited before settings are read: they are followed, and there is a key. */
  ready(): Promise<void>;
  /** For a subject such as 'NAME:login'. */
  sign(subject: string, token: NewToken): SignedToken;
  /** Throws `not-logged-in`. */
  read(token: string): Promise<TokenClaims>;
}

export interface IssuerOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly settings: Settings;
  readonly objects: Pick<SettingsObjects, 'put'>;
}

export function createIssuer({ clock, settings, objects }: IssuerOptions, store: Pick<SecretStore, 'ensure'>): Issuer {
  async function ready(): Promise<void> {
    await settings.ready();
    if (settings.signingKey().length === 0) objects.put(await store.ensure());
  }
  return {
    ready,
    sign: (subject, { id = '', expiresIn = 0 }) => {
      const issuedAt = Math.floor(clock.now() / 1000);
      const expiresAt = expiresIn > 0 ? issuedAt + Math.floor(expiresIn) : undefined;
      const claims = { subject, id: id || randomUUID(), issuedAt, ...(expiresAt === undefined ? {} : { expiresAt }) };
      return { token: signToken(claims, settings.signingKey()), claims };
    },
    read: async (token) => {
      await ready();
      return verifyToken(token, settings.signingKey(), clock.now());
    },
  };
}
