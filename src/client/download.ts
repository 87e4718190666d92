import { HawserError } from '../core/errors.ts';
import { proxyFor } from '../core/proxy.ts';
import { connectionFailure } from './failures.ts';
import { openHttp } from './http.ts';
import { isStream } from './in-process.ts';

export interface DownloadSetting {
  readonly signal: AbortSignal;
  /** Of the process: proxies stand there. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

const MAX_REDIRECTS = 5;
const DEADLINE_MS = 60_000;
/** Once it is unpacked. */
const MAX_BYTES = 32 * 1024 * 1024;

/** The text behind a URL, or behind where it redirects to. Throws `usage` for what is no URL, `bad-answer` for a refusal. */
export async function download(url: string, setting: DownloadSetting): Promise<string> {
  const stop = new AbortController();
  const relay = (): void => stop.abort(setting.signal.reason);
  setting.signal.addEventListener('abort', relay, { once: true });
  const late = new HawserError('timed-out', `${url} did not answer whole within ${DEADLINE_MS / 1000} s`);
  const timer = setTimeout(() => stop.abort(late), DEADLINE_MS);
  try {
    return await follow(url, { ...setting, signal: stop.signal }, MAX_REDIRECTS);
  } catch (thrown) {
    throw stop.signal.aborted ? stop.signal.reason : thrown;
  } finally {
    clearTimeout(timer);
    setting.signal.removeEventListener('abort', relay);
  }
}

async function follow(url: string, setting: DownloadSetting, redirects: number): Promise<string> {
  if (!URL.canParse(url)) throw new HawserError('usage', `${url} is not a URL`, { hint: 'https://HOST/PATH' });
  const { origin } = new URL(url);
  const send = await openHttp({ baseURL: origin, proxy: proxyFor(origin, setting.env) });
  const path = url.replace(/#.*$/, '').replace(/^https?:\/\/[^/?]*/i, '');
  const target = path.startsWith('/') ? path : `/${path}`;
  const request = { method: 'GET', url: target, headers: {}, stream: true, signal: setting.signal };
  const answer = await send(request).catch((thrown: unknown) => {
    throw connectionFailure(thrown, origin);
  });
  if (answer.status === 200) return await boundedText(answer.body, url);
  await discard(answer.body);
  const next = answer.headers['location'];
  if (answer.status >= 300 && answer.status < 400 && next !== undefined && redirects > 0)
    return follow(new URL(next, url).href, setting, redirects - 1);
  throw new HawserError('bad-answer', `${url} answered with status ${answer.status}`, {
    hint: 'open it in a browser: it must answer with the text, without a login',
  });
}

/** What nobody reads would keep the connection, and with it this process. */
async function discard(body: unknown): Promise<void> {
  if (isStream(body)) for await (const _chunk of body) break;
}

/** Read as it comes: a text without an end must not fill the memory. */
async function boundedText(body: unknown, url: string): Promise<string> {
  if (!isStream(body)) return String(body);
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      const part = Buffer.from(chunk);
      bytes += part.length;
      if (bytes > MAX_BYTES) throw new HawserError('bad-answer', `the text behind ${url} is larger than 32 MiB`);
      parts.push(part);
    }
  } catch (thrown) {
    throw thrown instanceof HawserError ? thrown : connectionFailure(thrown, url);
  }
  return Buffer.concat(parts).toString('utf8');
}
