import { HawserError } from '../core/errors.ts';
import { connectionFailure } from './failures.ts';
import { openHttp } from './http.ts';

/** The text behind a URL. */
export async function download(url: string, signal: AbortSignal): Promise<string> {
  const { origin } = new URL(url);
  const send = await openHttp({ baseURL: origin });
  const request = { method: 'GET', url: url.slice(origin.length) || '/', headers: {}, stream: false, signal };
  const answer = await send(request).catch((thrown: unknown) => {
    throw connectionFailure(thrown, origin);
  });
  if (answer.status === 200) return String(answer.body);
  throw new HawserError('bad-answer', `${url} answered with status ${answer.status}`);
}
