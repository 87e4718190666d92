import { openHttp } from './http.ts';
import type { Transport } from './transport.ts';

const NO_PAGE: readonly number[] = [404, 405, 501];

/** Whether a server answers a path with something for a browser: a page, or the way to a login. */
export async function hasPage(transport: Transport, path: string, signal: AbortSignal): Promise<boolean> {
  const send = await openHttp(transport);
  const headers = { accept: 'text/html' };
  const { status, headers: answer } = await send({ method: 'GET', url: path, headers, stream: false, signal });
  return !NO_PAGE.includes(status) && !/\bjson\b/.test(answer['content-type'] ?? '');
}
