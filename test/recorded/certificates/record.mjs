// Asks a cluster with real controllers for certificates, and keeps what becomes of each request:
//   NODE_TLS_REJECT_UNAUTHORIZED=0 node test/recorded/certificates/record.mjs URL TOKEN

import { readFileSync, writeFileSync } from 'node:fs';

const [url, token] = process.argv.slice(2);
const file = new URL('requests.json', import.meta.url);
const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function call(method, place, body) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(`${url}${place}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  return response.json();
}

const approved = { type: 'Approved', status: 'True', reason: 'KubectlApprove', message: 'by kubectl' };
const requests = JSON.parse(readFileSync(file, 'utf8'));
for (const [name, one] of Object.entries(requests)) {
  await call('DELETE', `${path}/${name}`);
  const made = await call('POST', path, { metadata: { name }, spec: one.spec });
  one.refused = made.kind === 'Status' ? made.message : undefined;
}
await sleep(3000);
for (const name of Object.keys(requests)) {
  const made = await call('GET', `${path}/${name}`);
  if (made.kind !== 'Status' && !made.status.conditions)
    await call('PUT', `${path}/${name}/approval`, { ...made, status: { conditions: [approved] } });
}
await sleep(3000);
for (const [name, one] of Object.entries(requests)) {
  const { status } = await call('GET', `${path}/${name}`);
  const told = Array.isArray(status?.conditions) ? status.conditions : [];
  one.conditions = told.map(({ type, reason, message }) => [type, reason, message].join('|'));
  one.certificate = status?.certificate;
  await call('DELETE', `${path}/${name}`);
}
writeFileSync(file, `${JSON.stringify(requests, null, 1)}\n`);
