// `hawser top` in a terminal: the stream of applications and the keys go into a session, whose picture is a frame.

import type { ApplicationTarget, ListApplications } from '../../api/applications.ts';
import { followApplications } from '../../client/watch-list.ts';
import { ASCII_GLYPHS, UNICODE_GLYPHS } from '../../render/glyphs.ts';
import type { Context } from '../context.ts';
import { openFrame, type Size } from '../io/frame.ts';
import { suspendProcess } from '../io/keys.ts';
import { styleFor } from '../io/style.ts';
import { showsUnicode } from '../io/unicode.ts';
import { createSession, type Session } from './session.ts';
import type { TopState } from './state.ts';
import { causesOf, failureText, fetchOne, requestRefresh, requestSync } from './tasks.ts';

export interface TopSetting {
  readonly query: ListApplications;
  readonly start: TopState;
  /** The lines of what a sync of an application would change. */
  readonly diff: (target: ApplicationTarget) => Promise<readonly string[]>;
}

/** Lists all again after so long: a stream may have left something out. */
const RELIST_MS = 300_000;

/** A fleet of thousands changes all the time: nobody reads faster than this. */
const BURST_MS = 250;

/** Shows the fleet until somebody quits, the process is asked to end, or the server says that it makes no sense. */
export async function runFleet({ query, start, diff }: TopSetting, context: Context): Promise<Session> {
  const { io, env, clock } = context;
  const { client } = await context.connect();
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, context.signal]);
  const style = await styleFor(io.out, context.globals().color, env);
  const glyphs = showsUnicode(env) ? UNICODE_GLYPHS : ASCII_GLYPHS;
  const lookAt = (size: Size) => ({ ...size, style, glyphs });
  const asking = { client, signal };
  let update = (): void => undefined;
  const session = createSession({
    server: client.address,
    start,
    now: clock.now,
    update: () => update(),
    tasks: {
      fetch: (target) => fetchOne(target, asking),
      causes: (application) => causesOf(application, asking),
      diff,
      sync: (name, target) => requestSync(name, target, asking),
      refresh: (name, target, refresh) => requestRefresh(name, { target, refresh }, asking),
      failureText,
    },
  });
  const stopKeys = io.input.keys?.((key) => {
    const what = session.press(key, lookAt({ columns: io.out.columns(), rows: io.out.rows() }));
    if (what === 'quit') over.abort();
    else if (what === 'suspend') suspendProcess();
    frame.draw();
  });
  const frame = openFrame(io.out, (size) => session.draw(lookAt(size)), { delayMs: 0, burstMs: BURST_MS });
  update = frame.update;
  try {
    for await (const event of followApplications(client, query, { signal, clock, relistMs: RELIST_MS }))
      session.take(event);
  } catch (thrown) {
    if (!over.signal.aborted) throw thrown;
  } finally {
    over.abort();
    stopKeys?.();
    frame.end();
  }
  if (context.signal.aborted) throw context.signal.reason;
  return session;
}
