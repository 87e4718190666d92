// Asks a real API server what it says of the schemas of definitions.json, and writes its answers there:
//   NODE_TLS_REJECT_UNAUTHORIZED=0 node test/recorded/definitions/record.mjs URL TOKEN

import { readFileSync, writeFileSync } from 'node:fs';
import { asked, said } from './said.mjs';

const [url, token] = process.argv.slice(2);
const file = new URL('definitions.json', import.meta.url);
const cases = [];
for (const { spec } of JSON.parse(readFileSync(file, 'utf8'))) {
  const { path, body } = asked(spec);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  cases.push({ spec, ...said({ status: answer.status, body: await answer.json() }) });
}
writeFileSync(file, `[\n${cases.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`);
