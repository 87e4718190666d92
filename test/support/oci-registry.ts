// An OCI registry that offers packed charts: tags, manifests and blobs, nothing else.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Registry {
  /** 'oci://127.0.0.1:PORT/charts' */
  readonly url: string;
  close(): Promise<void>;
}

interface Blob {
  readonly content: Buffer;
  readonly mediaType: string;
}

/** Serves one chart, packed by version. */
export async function serveRegistry(
  chart: string,
  packed: ReadonlyMap<string, Buffer>,
  login?: { readonly username: string; readonly password: string },
): Promise<Registry> {
  const blobs = new Map<string, Blob>();
  const tags = new Map<string, string>();
  const keep = (content: Buffer, mediaType: string): { digest: string; size: number; mediaType: string } => {
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    blobs.set(digest, { content, mediaType });
    return { digest, size: content.length, mediaType };
  };
  for (const [version, archive] of packed) {
    const config = keep(
      Buffer.from(JSON.stringify({ apiVersion: 'v2', name: chart, version })),
      'application/vnd.cncf.helm.config.v1+json',
    );
    const layer = keep(archive, 'application/vnd.cncf.helm.chart.content.v1.tar+gzip');
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const manifest = { schemaVersion: 2, mediaType, config, layers: [layer] };
    tags.set(version, keep(Buffer.from(JSON.stringify(manifest)), mediaType).digest);
  }
  const wanted = login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
  const server = createServer((request, response) => {
    if (wanted && request.headers.authorization !== wanted) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="test"' }).end();
      return;
    }
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (path.endsWith('/tags/list')) {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ name: `charts/${chart}`, tags: [...tags.keys()] }));
      return;
    }
    const name = path.slice(path.lastIndexOf('/') + 1);
    const digest = tags.get(name) ?? name;
    const blob = path.startsWith(`/v2/charts/${chart}/`) ? blobs.get(digest) : undefined;
    if (!blob) {
      response.writeHead(path === '/v2/' ? 200 : 404).end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': blob.mediaType,
      'Content-Length': blob.content.length,
      'Docker-Content-Digest': digest,
    });
    response.end(request.method === 'HEAD' ? undefined : blob.content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  return {
    url: `oci://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/charts`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
