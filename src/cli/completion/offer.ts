export interface Candidate {
  readonly word: string;
  readonly about?: string;
}

/** What a shell may offer for one word. */
export interface Offer {
  readonly candidates: readonly Candidate[];
  /** Whether it may be the name of a file. */
  readonly files: boolean;
}

export const NOTHING: Offer = { candidates: [], files: false };

export const offerOf = (candidates: readonly Candidate[]): Offer => ({ candidates, files: false });

export const wordsOf = (words: readonly string[]): readonly Candidate[] => words.map((word) => ({ word }));
