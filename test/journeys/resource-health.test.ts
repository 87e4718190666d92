// What runs beside the workloads: an application is as well as the kinds that operators bring.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { definitionOf } from '../support/simulated-kinds.ts';
import { create, createWorkplace, type Workplace } from '../support/workplace.ts';

const FLUX = { group: 'source.toolkit.fluxcd.io', kind: 'Bucket', withStatus: false };

/** Its status is as it stands in Git: no operator writes it. */
const bucket = (ready: string, reason: string): string => `${JSON.stringify(definitionOf(FLUX))}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: Bucket
metadata: {name: apps}
spec: {bucketName: apps}
status:
  conditions: [{type: Ready, status: "${ready}", reason: ${reason}}]
`;

let place: Workplace;

beforeAll(async () => {
  place = await createWorkplace();
  await place.repository.commit({ 'flux/all.yaml': bucket('False', 'BucketOperationFailed') });
  const line = create('flux', place).replace('--path guestbook', '--path flux');
  expect(await place.hawser(line)).toMatchObject({ code: 0 });
});
afterAll(() => place.remove());

test('an application with a broken Bucket is Degraded, and says why', async () => {
  expect(await place.hawser('app sync flux --timeout 60')).toMatchObject({ code: 0 });
  const { out } = await place.hawser('app get flux -o json');
  expect(JSON.parse(out)).toMatchObject({ status: { health: { status: 'Degraded' }, sync: { status: 'Synced' } } });
  expect((await place.hawser('app get flux')).out).toMatch(/Bucket\s+default\s+apps\s+Synced\s+Degraded/);
  expect((await place.hawser('app explain flux')).out).toContain('BucketOperationFailed');
  const waited = await place.hawser('app wait flux --health --timeout 2');
  expect(waited.code).not.toBe(0);
  expect(waited.err).toContain('BucketOperationFailed');
}, 60_000);

test('and Healthy when it is mended', async () => {
  await place.repository.commit({ 'flux/all.yaml': bucket('True', 'Succeeded') });
  expect(await place.hawser('app sync flux --timeout 60')).toMatchObject({ code: 0 });
  expect(await place.hawser('app wait flux --health --timeout 30')).toMatchObject({ code: 0 });
}, 60_000);
