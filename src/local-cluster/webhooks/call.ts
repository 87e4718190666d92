// The call of a webhook: one POST by HTTPS within its time, as a client of Go makes it.

import { request as httpsRequest, type RequestOptions } from 'node:https';
import { goQuote } from '../../core/go-text.ts';
import { type JsonObject, listAt, textAt } from '../../core/json.ts';
import type { Clock } from '../../core/time.ts';
import { type Outcome, readAnswer } from './answer.ts';
import { type Hook, limitOf } from './hooks.ts';
import { connectionFault, type HttpAnswer, refusalOf, uncalled } from './words.ts';

export interface Call {
  readonly request: JsonObject & { readonly uid: string };
  readonly mutates: boolean;
  readonly clock: Clock;
}

/** The versions of a review that are spoken here. */
const VERSIONS = ['v1', 'v1beta1'];

export async function callWebhook(hook: Hook, { request, mutates, clock }: Call): Promise<Outcome> {
  const version = listAt(hook.spec, 'admissionReviewVersions').find((one) => VERSIONS.includes(String(one)));
  const review = { kind: 'AdmissionReview', apiVersion: `admission.k8s.io/${String(version ?? 'v1')}`, request };
  const url = new URL(hook.url);
  url.searchParams.set('timeout', `${limitOf(hook)}s`);
  const sent = { url, method: 'POST', body: JSON.stringify(review), ca: authorityOf(hook) };
  try {
    const answer = await answerInTime(sent, limitOf(hook) * 1000, clock);
    if (answer.code < 200 || answer.code > 206) return { fault: uncalled(refusalOf(answer)) };
    return readAnswer(answer, { version: String(version ?? 'v1'), uid: request.uid, mutates });
  } catch (thrown) {
    if (!(thrown instanceof CallError)) throw thrown;
    return { fault: uncalled(thrown.message) };
  }
}

/** Undefined: those that the machine trusts. */
function authorityOf({ spec }: Hook): string | undefined {
  const bundle = textAt(spec, 'clientConfig', 'caBundle');
  return bundle === '' ? undefined : Buffer.from(bundle, 'base64').toString();
}

interface Sent {
  readonly url: URL;
  readonly method: string;
  readonly body: string;
  readonly ca: string | undefined;
}

class CallError extends Error {}

const callError = ({ url }: Sent, why: string): CallError => new CallError(`Post ${JSON.stringify(url.href)}: ${why}`);

async function answerInTime(sent: Sent, limit: number, clock: Clock): Promise<HttpAnswer> {
  const [abort, done] = [new AbortController(), new AbortController()];
  const late = clock.sleep(limit, done.signal).then(
    () => {
      abort.abort();
      throw callError(sent, 'context deadline exceeded');
    },
    () => new Promise<never>(() => undefined),
  );
  try {
    return await Promise.race([finalAnswer(sent, clock, abort.signal), late]);
  } finally {
    done.abort();
  }
}

const MOST_REDIRECTS = 10;
const MOST_TRIES = 10;

/** The answer after all redirects, and after the time that the server asks for. */
async function finalAnswer(first: Sent, clock: Clock, signal: AbortSignal): Promise<HttpAnswer> {
  let sent = first;
  for (let [redirects, tries] = [0, 0]; ; ) {
    const answer = await exchange(sent, signal);
    const next = redirected(sent, answer);
    if (next) {
      redirects += 1;
      if (redirects >= MOST_REDIRECTS) throw callError(next, `stopped after ${MOST_REDIRECTS} redirects`);
      sent = next;
      continue;
    }
    const isBusy = answer.code === 429 || answer.code >= 500;
    tries += 1;
    if (!isBusy || !/^\d+$/.test(answer.retryAfter) || tries > MOST_TRIES) return answer;
    await clock.sleep(Number(answer.retryAfter) * 1000, signal);
  }
}

interface Answered extends HttpAnswer {
  readonly location: string;
  readonly retryAfter: string;
}

/** Where an answer sends the caller; some redirects ask for a page instead. */
function redirected(sent: Sent, { code, location }: Answered): Sent | undefined {
  if (location === '' || ![301, 302, 303, 307, 308].includes(code)) return undefined;
  const url = urlOf(sent, location);
  return code > 303 ? { ...sent, url } : { ...sent, url, method: 'GET', body: '' };
}

function urlOf(sent: Sent, location: string): URL {
  try {
    return new URL(location, sent.url);
  } catch {
    throw callError(sent, `failed to parse Location header ${goQuote(location)}: Invalid URL`);
  }
}

/** A longer answer is no review. */
const LONGEST_MIB = 32;

function exchange(sent: Sent, signal: AbortSignal): Promise<Answered> {
  const { url, method, body, ca } = sent;
  const options: RequestOptions = {
    method,
    signal,
    ...(ca === undefined ? {} : { ca }),
    agent: false,
    headers: {
      accept: 'application/json, */*',
      'user-agent': 'kube-apiserver-admission',
      ...(body === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    },
  };
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(callError(sent, connectionFault(error, url.hostname)));
    if (url.protocol !== 'https:')
      throw callError(sent, `unsupported protocol scheme ${goQuote(url.protocol.slice(0, -1))}`);
    const request = httpsRequest(url, options, (response) => {
      const chunks: Buffer[] = [];
      let left = LONGEST_MIB * 1024 * 1024;
      response.on('data', (chunk: Buffer) => {
        left -= chunk.length;
        if (left < 0) request.destroy(new Error(`the answer is longer than ${LONGEST_MIB} MiB`));
        else chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('end', () => {
        const { 'content-type': type = '', location = '', 'retry-after': retryAfter = '' } = response.headers;
        resolve({ code: response.statusCode ?? 0, type, location, retryAfter, text: Buffer.concat(chunks).toString() });
      });
    });
    request.on('error', fail);
    request.end(body);
  });
}
