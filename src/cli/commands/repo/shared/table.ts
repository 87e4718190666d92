import { textAt } from '../../../../core/json.ts';
import { hasCredentials, type RepositoryConnection } from '../../../../model/repository.ts';
import type { Cell, Table } from '../../../../render/table.ts';

const WIDE = ['TYPE', 'NAME', 'REPO', 'INSECURE', 'OCI', 'LFS', 'CREDS', 'STATUS', 'MESSAGE', 'PROJECT'] as const;
const BRIEF: readonly string[] = ['TYPE', 'NAME', 'REPO', 'CREDS', 'STATUS', 'PROJECT', 'MESSAGE'];

export function repositoryTable(items: readonly RepositoryConnection[], columns: 'brief' | 'wide'): Table {
  const head = columns === 'wide' ? WIDE : BRIEF;
  const rows = items.map((item) => {
    const cells = cellsOf(item);
    return head.map((name) => cells[name] ?? '');
  });
  return { head, rows, spare: ['TYPE', 'PROJECT'], note: 'MESSAGE', more: '-o wide' };
}

function cellsOf(item: RepositoryConnection): Readonly<Record<string, Cell>> {
  const { insecure = false, insecureIgnoreHostKey = false, enableOCI = false, enableLfs = false } = item;
  return {
    TYPE: item.type ?? '',
    NAME: item.name ?? '',
    REPO: item.repo,
    INSECURE: String(insecure || insecureIgnoreHostKey),
    OCI: String(enableOCI),
    LFS: String(enableLfs),
    CREDS: item.inheritedCreds ? 'inherited' : String(hasCredentials(item)),
    STATUS: connectionCell(item.connectionState),
    MESSAGE: textAt(item.connectionState, 'message'),
    PROJECT: item.project ?? '',
  };
}

const connectionCell = (state: unknown): Cell => {
  const status = textAt(state, 'status');
  return { text: status, as: status === 'Successful' ? 'good' : status === 'Failed' ? 'bad' : 'faint' };
};
