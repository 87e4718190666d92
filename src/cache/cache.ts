/** Keeps texts (JSON) for a while. What is kept may vanish at any time: nothing but speed hangs on it. */
export interface Cache {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** Forgets the keys that start with a prefix; without one, all. */
  delete(prefix?: string): Promise<void>;
}
