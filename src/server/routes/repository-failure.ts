import { asHawserError, type HawserError } from '../../core/errors.ts';

/** What the repo server could not do: to the API a failure without a code of its own, unless it brings one. */
export function repositoryFailure(thrown: unknown): HawserError {
  const error = asHawserError(thrown);
  return error.details?.['grpc'] === undefined ? error.with({ details: { grpc: 2 } }) : error;
}

export async function ofRepository<T>(work: Promise<T>): Promise<T> {
  return work.catch((thrown: unknown) => {
    throw repositoryFailure(thrown);
  });
}
