import { createCertificates, deleteCertificates, listCertificates } from '../../api/certificates.ts';
import { createCertificateStore } from '../connections/certificates.ts';
import { type Route, route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';

export function certificateRoutes({ home, namespace, cache }: ServerPorts): Route[] {
  const store = createCertificateStore(home, namespace);
  // Whom a server is taken for may decide whether it is spoken to.
  const changed = () => cache.delete('repository-state|');
  return [
    route(listCertificates, async (query) => ({ metadata: {}, items: await store.list(query) })),
    route(createCertificates, async ({ certificates, upsert = false }) => {
      const items = await store.add(certificates.items ?? [], upsert);
      await changed();
      return { metadata: {}, items };
    }),
    route(deleteCertificates, async (query) => {
      const items = await store.remove(query);
      await changed();
      return { metadata: {}, items };
    }),
  ];
}
