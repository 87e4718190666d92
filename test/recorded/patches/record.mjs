// Asks a real API server again for the answers to the patches of a file:
//   NODE_TLS_REJECT_UNAUTHORIZED=0 node test/recorded/patches/record.mjs URL TOKEN FILE
// Each object is made in the namespace `fields` and removed at the end; all patches are dry runs.

import { readFileSync, writeFileSync } from 'node:fs';
import { recordOf, settled } from '../fields/answers.mjs';

const [url, token, file] = process.argv.slice(2);
const headers = { authorization: `Bearer ${token}`, accept: 'application/json', 'user-agent': 'node' };

await send('POST', '/api/v1/namespaces', { metadata: { name: 'fields' } });
await send('POST', '/api/v1/namespaces/fields/serviceaccounts', { metadata: { name: 'default' } });
const entries = JSON.parse(readFileSync(file, 'utf8'));
for (const entry of entries) {
  const own = `${entry.path}/${entry.object.metadata.name}`;
  await send('DELETE', `${own}?gracePeriodSeconds=0&propagationPolicy=Background`);
  const made = await send('POST', entry.path, entry.object);
  if (made.status >= 300) throw new Error(`${own}: ${made.body.message}`);
  const usual = settled((await send('GET', own)).body);
  const at = `${own}${entry.subresource ? `/${entry.subresource}` : ''}?dryRun=All&fieldManager=patcher`;
  for (const [index, { type, patch }] of entry.cases.entries())
    entry.cases[index] = { type, patch, ...recordOf(await send('PATCH', at, patch, type), usual) };
  await send('DELETE', `${own}?gracePeriodSeconds=0&propagationPolicy=Background`);
}
const written = entries.map(({ cases, ...entry }) => {
  const lines = cases.map((one) => `\n${JSON.stringify(one)}`).join(',');
  return `${JSON.stringify(entry).slice(0, -1)},"cases":[${lines}]}`;
});
writeFileSync(file, `[${written.join(',\n')}]\n`);

async function send(method, path, body, type = 'json') {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { ...headers, 'content-type': `application/${type}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json(), warning: answer.headers.get('warning') };
}
