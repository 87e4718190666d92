// Asks a real API server the steps of a file, one after the other, and keeps what it answers:
//   NODE_TLS_REJECT_UNAUTHORIZED=0 node test/recorded/steps/record.mjs URL TOKEN FILE
// A step that says so waits until the server has seen what was written before it.

import { readFileSync, writeFileSync } from 'node:fs';
import { headersOf, saidOf } from './said.mjs';

const [url, token, name] = process.argv.slice(2);
const file = new URL(name, import.meta.url);
const scenes = JSON.parse(readFileSync(file, 'utf8'));
const lines = [];
for (const { name: scene, steps } of scenes) {
  const asked = [];
  for (const { said: _said, ...step } of steps) {
    if (step.waits) await new Promise((resolve) => setTimeout(resolve, 2500));
    const body = step.body === undefined ? {} : { body: JSON.stringify(step.body) };
    const headers = { authorization: `Bearer ${token}`, ...headersOf(step) };
    const answer = await fetch(url + step.path, { method: step.method, headers, ...body });
    const said = saidOf({ status: answer.status, body: await answer.json() }, step);
    asked.push(`  ${JSON.stringify({ ...step, said })}`);
  }
  lines.push(`{"name":${JSON.stringify(scene)},"steps":[\n${asked.join(',\n')}\n]}`);
}
writeFileSync(file, `[\n${lines.join(',\n')}\n]\n`);
