// What one client, and all of them, may take of a port.

export interface Limits {
  /** For the first byte, the handshake, and the head of a request. */
  readonly headMs: number;
  /** For a whole request: a large body over a slow line. */
  readonly requestMs: number;
  /** For an answer of which nothing more is taken. */
  readonly stalledMs: number;
  /** How often it is looked whose time is over. */
  readonly checkMs: number;
  readonly connections: Share;
  /** Requests that are worked on at the same time; streams are not among them, they are connections. */
  readonly requests: Share;
}

export interface Share {
  readonly all: number;
  readonly client: number;
}

/** A client may be a proxy with many people behind it. */
export const LIMITS: Limits = {
  headMs: 20_000,
  requestMs: 120_000,
  stalledMs: 60_000,
  checkMs: 5000,
  connections: { all: 10_000, client: 4000 },
  requests: { all: 1000, client: 250 },
};

export interface Counter {
  /** Whether there is room for one more of a client; undefined where it comes by a socket of this machine. */
  enter(client: string | undefined): 'entered' | 'client-full' | 'full';
  leave(client: string | undefined): void;
}

export function createCounter({ all, client: each }: Share): Counter {
  const counts = new Map<string, number>();
  let total = 0;
  return {
    enter: (client = '') => {
      const count = counts.get(client) ?? 0;
      if (client !== '' && total >= all) return 'full';
      if (client !== '' && count >= each) return 'client-full';
      counts.set(client, count + 1);
      total += 1;
      return 'entered';
    },
    leave: (client = '') => {
      const count = (counts.get(client) ?? 1) - 1;
      if (count > 0) counts.set(client, count);
      else counts.delete(client);
      total -= 1;
    },
  };
}
