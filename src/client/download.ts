import { HawserError } from '../core/errors.ts';
import { connectionFailure } from './failures.ts';
import { openHttp } from './http.ts';
import { proxyFor } from './proxy.ts';

export interface DownloadSetting {
  readonly signal: AbortSignal;
  /** Of the process: proxies stand there. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

const MOST_REDIRECTS = 5;

/** The text behind a URL, or behind where it redirects to. Throws `usage` for what is no URL, `bad-answer` for a refusal. */
export async function download(url: string, setting: DownloadSetting, redirects = 0): Promise<string> {
  if (!URL.canParse(url)) throw new HawserError('usage', `${url} is no URL`, { hint: 'https://HOST/PATH' });
  const { origin } = new URL(url);
  const send = await openHttp({ baseURL: origin, proxy: proxyFor(origin, setting.env) });
  const path = url.replace(/#.*$/, '').replace(/^https?:\/\/[^/?]*/i, '');
  const target = path.startsWith('/') ? path : `/${path}`;
  const request = { method: 'GET', url: target, headers: {}, stream: false, signal: setting.signal };
  const answer = await send(request).catch((thrown: unknown) => {
    throw connectionFailure(thrown, origin);
  });
  if (answer.status === 200) return String(answer.body);
  const next = answer.headers['location'];
  if (answer.status >= 300 && answer.status < 400 && next !== undefined && redirects < MOST_REDIRECTS)
    return download(new URL(next, url).href, setting, redirects + 1);
  throw new HawserError('bad-answer', `${url} answered with status ${answer.status}`, {
    hint: 'open it in a browser: it must answer with the text, without a login',
  });
}
