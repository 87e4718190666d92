// What Hawser does beyond the reference.

import type { HawserError } from '../../core/errors.ts';

export interface Own {
  /** Throws an error that the reference does not have: there the command goes on. */
  refuse(error: HawserError): void;
  /** Does what the reference does not do; `instead` is what it has in its place. */
  add<T, U>(work: () => T, instead: U): T | U;
}

export const HAWSER_OWN: Own = {
  refuse: (error) => {
    throw error;
  },
  add: (work) => work(),
};

export const ARGOCD_OWN: Own = {
  refuse: () => undefined,
  add: (_, instead) => instead,
};
