import type { IntegrityPolicy } from '../model/project.ts';
import type { Table } from './table.ts';

const listText = (items: readonly string[]): string => (items.length > 0 ? items.join(', ') : '<none>');

/** The policies for signed commits of a project by their IDs. */
export const integrityTable = (policies: readonly IntegrityPolicy[]): Table => ({
  head: ['ID', 'GPG-MODE', 'GPG-KEYS', 'REPO-URLS'],
  rows: policies.map(({ gpg, repos }, id) => [
    String(id),
    gpg.mode,
    listText(gpg.keys ?? []),
    listText((repos ?? []).map(({ url }) => url)),
  ]),
});
