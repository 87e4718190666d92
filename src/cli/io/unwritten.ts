import { writeSync } from 'node:fs';

const FAILED = 20;

/** Ends the process, whose answer could not be written. Whoever reads it has enough of it: `| head` is no failure. */
export function leaveUnwritten(thrown: unknown): never {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code === 'EPIPE') process.exit(0);
  const reason = code === 'ENOSPC' ? 'the disk is full' : thrown instanceof Error ? thrown.message : String(thrown);
  try {
    writeSync(2, `error: cannot write the answer: ${reason}\nhint: write it to another place\n`);
  } catch {
    // Nor can this be.
  }
  process.exit(FAILED);
}
