import { messageOf, systemCode } from '../../core/errors.ts';

/** Why a file or a folder cannot be read: Node's own sentences name system calls. */
export function whyUnreadable(thrown: unknown, what: 'file' | 'folder' | 'file or folder'): string {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: `there is no such ${what}`,
    EISDIR: 'it is a folder',
    EACCES: 'permission denied',
  };
  return reasons[systemCode(thrown)] ?? messageOf(thrown);
}
