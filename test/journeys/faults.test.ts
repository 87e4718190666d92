// Hawser over an API that fails: what it does for people comes through.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { create, createWorkplace, type Ended, type Workplace } from '../support/workplace.ts';

let place: Workplace;

beforeAll(async () => {
  place = await createWorkplace();
});

afterAll(() => place.remove());

const annotate = (text: string): Promise<Ended> =>
  place.hawser(`local kubectl annotate --overwrite namespace kube-system hawser.dev/fault${text}`);

test('a sync, a change and a deletion get through refusals, conflicts and watches that are cut', async () => {
  expect(await place.hawser(create('shop', place))).toMatchObject({ code: 0 });
  expect(await annotate('=throttle:share=10%;error:share=10%;conflict:share=20%;cut:after=1s')).toMatchObject({
    code: 0,
  });
  expect(await place.hawser('app sync shop --timeout 90')).toMatchObject({ code: 0 });
  expect(await place.hawser('app wait shop --health --sync --timeout 90')).toMatchObject({ code: 0 });
  const { out } = await place.hawser('app get shop -o json');
  expect(JSON.parse(out)).toMatchObject({ status: { health: { status: 'Healthy' }, sync: { status: 'Synced' } } });
  expect(await place.hawser('app delete shop --cascade --yes --wait --timeout 90')).toMatchObject({ code: 0 });
  // However bad it is, it can be taken away.
  expect(await annotate('=throttle:share=90%;error:share=90%;conflict:share=90%')).toMatchObject({ code: 0 });
  expect(await annotate('-')).toMatchObject({ code: 0 });
  expect(await place.hawser('local kubectl get deployments -o name')).toMatchObject({ code: 0, out: '' });
}, 300_000);
