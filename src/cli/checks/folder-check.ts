import type { Finding } from '../../model/checkup.ts';
import type { FolderState, FolderUse } from './inspector.ts';

const USES: Readonly<Record<FolderUse, string>> = {
  absent: 'not there yet: the first command that changes something makes it',
  unused: 'not used yet',
  free: 'no other process uses it',
  command: 'another command uses it',
  server: 'a hawser server runs on it',
  silent: 'another process holds it and does not answer',
};

export function folderFinding(folder: string, { use, problem }: FolderState): Finding {
  const facts = { folder, use };
  if (problem !== undefined) {
    return {
      verdict: 'fault',
      code: 'broken-state',
      message: `${folder} cannot be used: ${problem}`,
      hint: 'use another folder: --data-dir DIR, or HAWSER_DATA_DIR',
      facts,
    };
  }
  const message = `${folder}: ${USES[use]}`;
  if (use !== 'silent') return { verdict: 'ok', message, facts };
  return {
    verdict: 'fault',
    code: 'busy',
    message,
    hint: 'end that process, or use another folder: --data-dir DIR',
    facts,
  };
}

/** Whether there is a system in the folder that can be asked. */
export const holdsSystem = ({ use, problem }: FolderState): boolean =>
  problem === undefined && (use === 'free' || use === 'command' || use === 'server');
