// A client of a server far away: each command beside a bare script that makes the same request and prints as little as can be.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Names of a list, or the first line of one application. */
const bare = (path, print) => `
require('node:http').get(process.env.ADDRESS + ${JSON.stringify(path)}, (answer) => {
  let text = '';
  answer.setEncoding('utf8').on('data', (chunk) => { text += chunk; }).on('end', () => {
    const body = JSON.parse(text);
    ${print}
  });
});`;

const NAMES = "process.stdout.write(body.items.map((app) => app.metadata.name).join('\\n') + '\\n');";
const NAME = "process.stdout.write('Name: ' + body.metadata.name + '\\n');";

/** Starts a server of so many applications; `use` gets the environment in which both clients find it. */
export async function withServer(count, env, use) {
  const child = fork(fileURLToPath(new URL('server.js', import.meta.url)), [String(count)]);
  const port = await new Promise((resolve) => child.once('message', resolve));
  const address = `127.0.0.1:${port}`;
  try {
    await use({
      ...env,
      HAWSER_CONTEXT: '',
      ADDRESS: `http://${address}`,
      ARGOCD_SERVER: address,
      ARGOCD_AUTH_TOKEN: 'e30.e30.c2ln',
      ARGOCD_OPTS: '--plaintext',
    });
  } finally {
    child.kill();
  }
}

// The table shows conditions, which a choice of `fields` cannot include: both ask for everything. The stream would send them
// alone, but for each application it sends the real server reads its tree from the cache.
export const LIST = { args: ['app', 'list'], script: bare('/api/v1/applications', NAMES) };
export const GET = { args: ['app', 'get', 'app-0007'], script: bare('/api/v1/applications/app-0007', NAME) };
export const WAIT = {
  args: ['app', 'wait', 'app-0007', '-o', 'json'],
  script: bare('/api/v1/applications/app-0007', NAME),
};
