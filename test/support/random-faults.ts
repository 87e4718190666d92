import type { Asked } from './random-run.ts';

/**
 * Failures of 500 and more that the reference answers too: those that it gives no code of its own (2, chosen for each of ours), what
 * it does not do (12), and fields that its gateway misses. What nobody chose is 13.
 */
const AS_THE_REFERENCE: readonly RegExp[] = [
  /"(grpc_)?code":(2|12)\b/,
  /grpc: error while marshaling: proto: required field/,
];

const STACK =
  /Cannot read propert|is not a function|is not iterable|is not defined|\bat \S+ ?\(?\S*\.[jt]s:\d+|\[object Object\]|NaN/;

/** What must not be said, in any answer. */
export function faultsOf(asked: Asked, secrets: Readonly<Record<string, string>>): string[] {
  const { who, method, url, body = '', status, text } = asked;
  const line = `${who}: ${method} ${url} ${body.slice(0, 300)} => ${status} ${text.slice(0, 300)}`;
  const told = Object.entries(secrets).filter(([, secret]) => holds(text, secret) && !holds(`${url}${body}`, secret));
  return [
    ...(status >= 500 && !AS_THE_REFERENCE.some((known) => known.test(text)) ? [`5xx: ${line}`] : []),
    ...(status === 0 && !asked.isStream ? [`no answer: ${line}`] : []),
    ...(STACK.test(text) ? [`stack: ${line}`] : []),
    ...told.map(([what]) => `${what}: ${line}`),
  ];
}

/** As it is, in base64, and as JSON and a URL write it. */
function holds(text: string, secret: string): boolean {
  if (secret === '') return false;
  return [secret, btoa(secret), JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)].some((form) =>
    text.includes(form),
  );
}
