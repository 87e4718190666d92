import type { Journal } from './store.ts';

/** Keeps nothing: for clusters that live as long as their process. */
export const memoryJournal: Journal = {
  append: async () => undefined,
  compact: async () => undefined,
  close: async () => undefined,
};
