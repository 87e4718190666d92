// Plays the scenarios on a cluster with real controllers, and keeps what is seen there:
//   NODE_TLS_REJECT_UNAUTHORIZED=0 node test/recorded/controllers/record.mjs URL TOKEN [SCENARIO...]
// Of scenarios that are not named what was seen before stays.
// It needs two nodes, and something that starts Pods, ends them and knows the fault annotations of the scenarios.

import { readFileSync, writeFileSync } from 'node:fs';
import { play } from './play.mjs';
import { SCENARIOS } from './scenarios.mjs';

const [url, token, ...named] = process.argv.slice(2);
const file = new URL('answers.json', import.meta.url);
/** Controllers wait with some writes; events are sent later. */
const QUIET_MS = 7000;
const AT_ONCE = 6;
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function call(method, path, body) {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const headers = { authorization: `Bearer ${token}`, 'content-type': type };
  const response = await fetch(`${url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  return { status: response.status, body: await response.json() };
}

async function rest(read) {
  let before = '';
  for (let since = Date.now(); Date.now() - since < QUIET_MS; await sleep(300)) {
    const now = JSON.stringify(await read());
    if (now !== before) since = Date.now();
    before = now;
  }
}

const answers = named.length > 0 ? JSON.parse(readFileSync(file, 'utf8')) : {};
const waiting = Object.entries(SCENARIOS).filter(([name]) => named.length === 0 || named.includes(name));
const work = async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [name, steps] = next;
    answers[name] = await play(steps, { call, rest, namespace: `${name}-${process.pid}` });
  }
};
await Promise.all(Array.from({ length: AT_ONCE }, work));
const inOrder = Object.fromEntries(Object.keys(SCENARIOS).map((name) => [name, answers[name]]));
writeFileSync(file, `${JSON.stringify(inOrder, null, 1)}\n`);
