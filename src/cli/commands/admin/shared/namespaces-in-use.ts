import { listApplications } from '../../../../api/applications.ts';
import { listClusters } from '../../../../api/clusters.ts';
import type { Application } from '../../../../model/application.ts';
import type { ClusterConnection } from '../../../../model/cluster.ts';
import type { Connection } from '../../../context.ts';

export interface NamespacesInUse {
  readonly server: string;
  readonly namespaces: readonly string[];
  readonly cluster: ClusterConnection;
}

/** Where applications deploy to in each cluster: by what they deployed, or where that is nothing yet by their destination. */
export async function namespacesInUse({ client }: Connection): Promise<readonly NamespacesInUse[]> {
  const clusters = (await client.call(listClusters, {})).items ?? [];
  const applications = (await client.call(listApplications, {})).items ?? [];
  return clusters.map((cluster) => {
    const own = applications.filter(({ spec: { destination } }) => isIn(cluster, destination));
    const namespaces = [...new Set(own.flatMap(namespacesOf))].filter((namespace) => namespace !== '').sort();
    return { server: cluster.server, namespaces, cluster };
  });
}

const isIn = ({ server, name }: ClusterConnection, destination: Application['spec']['destination']): boolean =>
  destination.server ? destination.server === server : destination.name === name;

function namespacesOf({ spec, status }: Application): readonly string[] {
  const resources = status?.resources ?? [];
  if (resources.length === 0) return [spec.destination.namespace ?? ''];
  return resources.map(({ namespace = '' }) => namespace);
}
