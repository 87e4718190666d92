import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser } from '../../support/hawser.ts';

let api: FakeApi;

beforeEach(() => {
  api = createFakeApi();
});

afterEach(() => api.verify());

const DELIVERY = {
  number: 3,
  time: '2026-01-05T10:00:00Z',
  provider: 'github',
  event: 'push',
  id: 'one',
  status: 200,
  repositories: ['https://git.example.com/shop'],
  revisions: ['main'],
  refreshed: 2,
};
const REFUSED = { ...DELIVERY, number: 2, provider: '', event: '', revisions: [], repositories: [], status: 400 };

describe('hawser webhook list', () => {
  test('says what became of each delivery', async () => {
    const items = [DELIVERY, { ...REFUSED, cause: 'the body is empty', refreshed: undefined }];
    api.on('GET /api/hawser/webhooks').reply(200, { items });
    const { code, out } = await hawser('webhook list', { api });
    expect(code).toBe(0);
    expect(out).toMatch(/^3 .*github +push +main +https:\/\/git\.example\.com\/shop +2 refreshed$/m);
    expect(out).toMatch(/^2 .*refused \(400\): the body is empty$/m);
  });

  test('of nothing says where deliveries come in, and prints an empty list', async () => {
    api.on('GET /api/hawser/webhooks').reply(200, {});
    expect(await hawser('webhook list', { api })).toEqual({
      code: 0,
      out: '',
      err: 'no deliveries yet: point the Git host to /api/webhook of the server\n',
    });
    expect(await hawser('webhook list -o json', { api })).toMatchObject({ code: 0, out: '[]\n' });
  });
});

describe('hawser webhook explain', () => {
  const explained = {
    provider: 'github',
    event: 'push',
    repositories: ['https://git.example.com/shop'],
    revisions: ['main'],
    verdicts: [
      { application: 'argocd/shop', refreshes: true, why: "its source follows 'HEAD'" },
      { application: 'argocd/other', refreshes: false, why: 'its source is another repository' },
    ],
  };

  test('sends the payload of a file as its sender would', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'hawser-webhook-')), 'push.json');
    writeFileSync(file, '{"ref":"refs/heads/main"}');
    api.on('POST /api/hawser/webhooks/explain').reply(200, explained);
    const { code, out, err } = await hawser(`webhook explain --payload ${file} --provider gitlab`, { api });
    expect(code).toBe(0);
    expect(err).toBe('github push of main in https://git.example.com/shop\n');
    expect(out).toMatch(/^argocd\/shop +yes +its source follows 'HEAD'$/m);
    expect(api.requests[0]?.body).toEqual({
      headers: { 'x-gitlab-event': 'Push Hook' },
      payload: '{"ref":"refs/heads/main"}',
    });
  });

  test('takes one that came', async () => {
    api.on('POST /api/hawser/webhooks/explain').reply(200, { ...explained, verdicts: [] });
    const { err } = await hawser('webhook explain 3', { api });
    expect(api.requests[0]?.body).toEqual({ number: 3 });
    expect(err).toContain('no applications yet: hawser app create\n');
  });

  test.each([
    ['webhook explain', 'name a delivery or a payload'],
    ['webhook explain 3 --payload -', 'name a delivery or a payload'],
    ['webhook explain three', "'three' is no number of a delivery"],
    ['webhook explain --payload /no/such/file', 'cannot read /no/such/file'],
    ['webhook replay 0', "'0' is no number of a delivery"],
  ])('refuses %s', async (line, sentence) => {
    const { code, out, err } = await hawser(line, { api });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(sentence);
  });
});

test('hawser webhook replay names the new delivery', async () => {
  api.on('POST /api/hawser/webhooks/3/replay').reply(200, { ...DELIVERY, number: 4 });
  expect(await hawser('webhook replay 3', { api })).toMatchObject({ code: 0, out: 'delivery 3 replayed as 4\n' });
});
