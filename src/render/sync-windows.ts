import type { SyncWindow } from '../model/project.ts';
import type { Cell, Table } from './table.ts';

const HEAD = [
  'ID',
  'STATUS',
  'KIND',
  'SCHEDULE',
  'DURATION',
  'APPLICATIONS',
  'NAMESPACES',
  'CLUSTERS',
  'MANUALSYNC',
  'SYNCOVERRUN',
  'TIMEZONE',
  'USEANDOPERATOR',
] as const;

export interface WindowState {
  readonly window: SyncWindow;
  readonly isActive: boolean;
}

/** The sync windows of a project by their IDs. A `tail` is a last cell in each row, which the reference ends with. */
export function windowTable(windows: readonly WindowState[], tail: readonly string[]): Table {
  const rows = windows.map(({ window, isActive }, id): readonly Cell[] => [
    String(id),
    { text: isActive ? 'Active' : 'Inactive', as: isActive ? 'good' : 'faint' },
    { text: window.kind ?? '', as: window.kind === 'deny' ? 'warn' : 'plain' },
    window.schedule ?? '',
    window.duration ?? '',
    listText(window.applications),
    listText(window.namespaces),
    listText(window.clusters),
    switchText(window.manualSync),
    switchText(window.syncOverrun),
    window.timeZone ?? '',
    switchText(window.andOperator),
    ...tail,
  ]);
  return { head: [...HEAD, ...tail], rows, spare: ['USEANDOPERATOR', 'SYNCOVERRUN', 'NAMESPACES', 'CLUSTERS'] };
}

const listText = (items: readonly string[] | undefined): string => (items?.length ? items.join(',') : '-');

const switchText = (isOn: boolean | undefined): string => (isOn ? 'Enabled' : 'Disabled');
