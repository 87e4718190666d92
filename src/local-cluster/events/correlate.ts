// What clients of the API do with their events before they send them: many that differ in their words alone become one, and who
// tells too much of one object is not heard for a while.

/** Words, and what they are told of. */
export interface Occurrence {
  /** Who tells, of which object. */
  readonly source: string;
  /** The source with type and reason. */
  readonly group: string;
  readonly message: string;
}

export interface Correlator {
  /** The message to be told; undefined where it is one too many. */
  take(occurrence: Occurrence, now: number): string | undefined;
}

/** How the words of those begin that became one. */
export const COMBINED = '(combined from similar events): ';

const REMEMBERED = 4096;
const SIMILAR = { most: 9, withinMs: 600_000 } as const;
const BURST = { most: 25, refillMs: 300_000 } as const;

interface Group {
  readonly messages: string[];
  readonly last: number;
}

interface Bucket {
  left: number;
  since: number;
}

export function createCorrelator(): Correlator {
  const groups = new Map<string, Group>();
  const buckets = new Map<string, Bucket>();

  function wordsFor({ group, message }: Occurrence, now: number): string {
    const earlier = recall(groups, group);
    const isRecent = earlier !== undefined && now - earlier.last <= SIMILAR.withinMs;
    const messages = isRecent ? earlier.messages : [];
    remember(groups, group, { messages, last: now });
    if (messages.includes(message)) return message;
    if (messages.length < SIMILAR.most) {
      messages.push(message);
      return message;
    }
    return `${COMBINED}${message}`;
  }

  function isHeard(source: string, now: number): boolean {
    const bucket = recall(buckets, source) ?? { left: BURST.most, since: now };
    const refilled = Math.floor(Math.max(0, now - bucket.since) / BURST.refillMs);
    bucket.left = Math.min(BURST.most, bucket.left + refilled);
    bucket.since = bucket.left === BURST.most ? now : bucket.since + refilled * BURST.refillMs;
    remember(buckets, source, bucket);
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  }

  return {
    take: (occurrence, now) => {
      const message = wordsFor(occurrence, now);
      return isHeard(occurrence.source, now) ? message : undefined;
    },
  };
}

/** The key that was used longest ago is forgotten first. */
function recall<T>(map: Map<string, T>, key: string): T | undefined {
  const value = map.get(key);
  map.delete(key);
  return value;
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  const [oldest] = map.size > REMEMBERED ? map.keys() : [];
  if (oldest !== undefined) map.delete(oldest);
}
