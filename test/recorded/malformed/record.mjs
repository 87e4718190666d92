// Asks a real API server again for the answers to the requests of malformed.json:
//   NODE_TLS_REJECT_UNAUTHORIZED=0 node test/recorded/malformed/record.mjs URL TOKEN
// All is made in the namespace `malformed`; the requests are dry runs, and refused.

import { readFileSync, writeFileSync } from 'node:fs';

const [url, token] = process.argv.slice(2);
const file = new URL('malformed.json', import.meta.url);
const { objects, requests } = JSON.parse(readFileSync(file, 'utf8'));

for (const [path, body] of Object.entries(objects)) {
  await send('POST', path.replace(/#.*/, ''), { type: 'application/json', body: JSON.stringify(body) });
  // A definition is served a little later.
  if (path.includes('customresourcedefinitions')) await new Promise((resolve) => setTimeout(resolve, 3000));
}
for (const row of requests) {
  const { status, body } = await send(...row);
  row[3] = `${status} ${body.reason ?? ''} ${body.message}`;
}
write();

async function send(method, path, { accept = 'application/json', type, body } = {}) {
  const headers = { authorization: `Bearer ${token}`, accept, ...(type ? { 'content-type': type } : {}) };
  // A text would be sent with a type of its own.
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const answer = await fetch(`${url}${path}`, { method, headers, body: bytes });
  const text = await answer.text();
  return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : { message: text } };
}

function write() {
  const [made, asked] = [Object.entries(objects), requests].map((rows) => rows.map((row) => JSON.stringify(row)));
  const members = made.map((row) => row.slice(1, -1).replace('",', '":'));
  writeFileSync(file, `{"objects":{\n${members.join(',\n')}\n},"requests":[\n${asked.join(',\n')}\n]}\n`);
}
