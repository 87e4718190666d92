// The token of a client, and a new one in its place when the server takes it no more.

export interface ClientToken {
  current(): string | undefined;
  /** Takes the token that the server gave because this one is about to expire. */
  extend(token: string): void;
  /** A new token in place of the one that was refused; false where there is none. */
  renew(refused: string | undefined): Promise<boolean>;
}

export interface ClientTokenOptions {
  readonly token?: string;
  /** The server renewed a token that was about to expire. */
  readonly onRenewedToken?: (token: string) => void;
  /** A new token in place of one that the server takes no more; undefined where there is no way to one. */
  readonly renew?: () => Promise<string | undefined>;
}

export function createClientToken({ token: first, onRenewedToken, renew }: ClientTokenOptions): ClientToken {
  let token = first;
  let renewal: Promise<string | undefined> | undefined;
  let lastRefused: string | undefined;
  return {
    current: () => token,
    extend: (extended) => {
      token = extended;
      onRenewedToken?.(extended);
    },
    renew: async (refused) => {
      if (!renew || refused === lastRefused) return false;
      // Another request has renewed it meanwhile.
      if (refused !== token) return true;
      renewal ??= renew();
      const fresh = await renewal;
      renewal = undefined;
      lastRefused = refused;
      if (fresh === undefined) return false;
      token = fresh;
      return true;
    },
  };
}
