// A webhook of admission behind real TLS: it answers what the test says, and tells what it was asked.

import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { isObject, type JsonObject, objectAt, parseJson, textAt } from '../../src/core/json.ts';
import { makeCertificate } from '../../src/server/http/self-signed.ts';

/** What is answered to a request: the response of a review, or an answer of any kind. */
export type WebhookReply =
  | { readonly response: JsonObject; readonly delay?: number }
  | { readonly code: number; readonly text: string; readonly headers?: Readonly<Record<string, string>> };

export interface WebhookServer {
  /** The part of a webhook that says where it is. */
  clientConfig(path?: string): JsonObject;
  /** By path; what has no reply allows everything. */
  readonly replies: Map<string, WebhookReply>;
  /** The requests of the reviews that came, each with the path that it came to. */
  readonly asked: { readonly path: string; readonly request: JsonObject }[];
  close(): void;
}

export const patchOf = (operations: readonly JsonObject[]): JsonObject => ({
  patchType: 'JSONPatch',
  patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
});

export async function openWebhookServer(): Promise<WebhookServer> {
  const certificate = await makeCertificate(Date.now());
  const replies: WebhookServer['replies'] = new Map();
  const asked: WebhookServer['asked'] = [];
  const server = createServer({ cert: certificate.cert, key: certificate.key }, (message, answer) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const review = text === '' ? {} : parseJson(text);
      const path = (message.url ?? '').split('?')[0] ?? '';
      const request = objectAt(review, 'request');
      asked.push({ path, request });
      const reply = replies.get(path) ?? { response: {} };
      if ('code' in reply) {
        answer.writeHead(reply.code, reply.headers ?? { 'content-type': 'application/json' }).end(reply.text);
        return;
      }
      const response = { uid: textAt(request, 'uid'), allowed: true, ...reply.response };
      const whole = { ...(isObject(review) ? review : {}), request: undefined, response };
      setTimeout(() => answer.end(JSON.stringify(whole)), reply.delay ?? 0);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    clientConfig: (path = '/') => ({
      url: `https://127.0.0.1:${port}${path}`,
      caBundle: Buffer.from(certificate.cert).toString('base64'),
    }),
    replies,
    asked,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
