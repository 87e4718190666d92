import { labelOf, type Owner, type Ownership } from '../model/ownership.ts';
import { oneLine, type Row, stateCell, type Table } from './table.ts';
import type { View } from './view.ts';

export function renderOwnership({ owners, contradictions }: Ownership, { table, style }: View): string {
  const lines = contradictions.map((text) => `${style.warn('!')} ${oneLine(text)}\n`);
  return `${table(ownerTable(owners), style)}${lines.length > 0 ? '\n' : ''}${lines.join('')}`;
}

function ownerTable(owners: readonly Owner[]): Table {
  const rows = owners.map((owner): Row => {
    const { application, project, resource, through, sync, health } = owner;
    return [
      application,
      project,
      labelOf(resource),
      resource.namespace,
      stateCell(sync),
      stateCell(health),
      through === '' ? trackedBy(owner) : `owned by ${through}`,
    ];
  });
  return {
    head: ['NAME', 'PROJECT', 'KIND/NAME', 'NAMESPACE', 'SYNC', 'HEALTH', 'TRACKED BY'],
    rows,
    spare: ['PROJECT', 'NAMESPACE'],
  };
}

const trackedBy = ({ tracking, instance }: Owner): string =>
  instance === '' ? tracking : `${tracking} of ${instance}`;
