import { openHttp } from './http.ts';
import type { Transport } from './transport.ts';

/** Ends a session on the server; false when the server does not do it. The reference takes the cookie here, nothing else. */
export async function revokeToken(transport: Transport, token: string): Promise<boolean> {
  const send = await openHttp(transport);
  const headers = { cookie: `argocd.token=${token}`, 'content-type': 'application/json' };
  try {
    const { status } = await send({ method: 'POST', url: '/auth/logout', headers, body: {}, stream: false });
    return status === 200 || status === 303;
  } catch {
    return false;
  }
}
