// Why something is not well, in few lines: what helps most comes first, and nothing is said twice.

import type { Cause } from '../model/cause.ts';
import { briefMessage } from './brief.ts';
import { oneLine } from './table.ts';
import { shorten } from './width.ts';

/** A resource that is to blame, and what is said of it. */
export interface Finding {
  readonly resource: string;
  readonly message: string;
}

const MOST_LINES = 12;
const LONGEST_LINE = 240;

/** The findings as lines, each with what is known of its cause, then the other causes: twelve lines at most. */
export function causeLines(findings: readonly Finding[], causes: readonly Cause[], most = MOST_LINES): string[] {
  const entries = entriesOf(findings, causes);
  const heads = entries.length > most ? most - 1 : entries.length;
  let free = most - heads - (heads < entries.length ? 1 : 0);
  let waiting = entries.slice(0, heads).filter(({ cause }) => cause).length;
  const lines = entries.slice(0, heads).flatMap(({ finding, cause }) => {
    const head = headOf(finding, cause);
    if (!cause) return [head];
    const details = detailLines(cause, Math.floor(free / waiting));
    free -= details.length;
    waiting -= 1;
    return [head, ...details.map((line) => `  ${line}`)];
  });
  const rest = entries.length - heads;
  return [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].map((line) => shorten(oneLine(line), LONGEST_LINE));
}

interface Entry {
  readonly finding: Finding;
  readonly cause: Cause | undefined;
}

function entriesOf(findings: readonly Finding[], causes: readonly Cause[]): Entry[] {
  const explained = findings.map((finding) => ({
    finding,
    cause: causes.find(({ resource }) => resource === finding.resource),
  }));
  const others = causes.filter((cause) => !findings.some(({ resource }) => resource === cause.resource));
  const all = [...explained, ...others.map((cause) => ({ finding: cause, cause }))];
  // What has a cause must not be pushed out by a long list of what only waits for it.
  return all.length > MOST_LINES ? all.sort((a, b) => Number(!a.cause) - Number(!b.cause)) : all;
}

function headOf({ resource, message }: Finding, cause: Cause | undefined): string {
  const hook = cause?.hook === undefined ? '' : ` (${cause.hook} hook)`;
  return `${resource}${hook}${message === '' ? '' : `: ${briefMessage(message)}`}`;
}

/** In the order of use, as many as there is room for; of a log its end. */
function detailLines(cause: Cause, room: number): string[] {
  const before = [podLine(cause), childLine(cause), cause.probe].filter((line) => line !== undefined);
  const { events = [] } = cause;
  const after = [...events.filter((event) => !isSaid(event, cause)), quotaLine(cause)].filter(
    (line) => line !== undefined,
  );
  const left = room - before.length;
  const logs = logLines(cause.logs ?? [], Math.max(left - Math.min(after.length, 2), Math.min(left, 1)));
  return [...before, ...logs, ...after].slice(0, Math.max(0, room));
}

/** The bar before each: a log may hold what a pipeline would take for a command. */
function logLines(logs: readonly string[], room: number): string[] {
  if (room <= 0 || logs.length === 0) return [];
  if (room === 1) return [`last line of the log: ${logs.at(-1)}`];
  return ['last lines of the log:', ...logs.slice(1 - room).map((line) => `  | ${line}`)];
}

/** 'pod web-1: ImagePullBackOff registry.example.com/web:1.0', 'pod web-1: CrashLoopBackOff, container web ended with exit code 1'. */
function podLine(cause: Cause): string | undefined {
  const { pod, reason, detail = '', message } = cause;
  if (pod === undefined) return undefined;
  const facts = [podReason(cause), endText(cause), isRepeated(detail, message) ? '' : detail].filter(Boolean);
  if (facts.length === 0 && reason === undefined) return `pod ${pod}`;
  return `pod ${pod}: ${facts.join(', ')}`;
}

const isImage = (reason: string): boolean => /Image|Registry/.test(reason);

/** The reason with what it is about: an image that cannot be had is the image's fault. */
function podReason({ reason = '', image = '' }: Pick<Cause, 'reason' | 'image'>): string {
  return isImage(reason) && image !== '' ? `${reason} ${image}` : reason;
}

function endText({ container = '', exitCode, restarts = 0 }: Cause): string {
  const times = `${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`;
  const end = exitCode === undefined ? '' : `container ${container} ended with exit code ${exitCode}`;
  return [end, restarts > 0 ? times : ''].filter(Boolean).join(', ');
}

/** What the kubelet only says again in more words. */
const isRepeated = (detail: string, message: string): boolean =>
  detail === '' || detail === message || /^back-off /i.test(detail);

function childLine({ child, detail, quota }: Cause): string | undefined {
  if (child === undefined) return undefined;
  return detail === undefined || quota !== undefined ? child : `${child}: ${detail}`;
}

const quotaLine = ({ quota, message }: Cause): string | undefined =>
  quota === undefined || message.includes(quota) ? undefined : quota;

/** Whether an event tells what stands above it already. */
function isSaid(event: string, { message, detail, quota, reason = '' }: Cause): boolean {
  const text = event.replace(/^\w+: /, '').replace(/ \(\d+ times\)$/, '');
  if (text === message || text === detail) return true;
  if (quota !== undefined && text.includes(quota)) return true;
  return /back-?off/i.test(reason) && /^back-off /i.test(text);
}
