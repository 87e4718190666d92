// Payloads of real Git hosts, with what the reference makes of them.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isObject, type Json, type JsonObject, listAt, objectAt, parseJson, textAt } from '../../../src/core/json.ts';
import { parse } from '../../../src/core/shape.ts';
import { application } from '../../../src/model/application.ts';
import { isRevisionTouched, verdictOf } from '../../../src/webhooks/affected.ts';
import { readDelivery } from '../../../src/webhooks/delivery.ts';
import type { PushEvent } from '../../../src/webhooks/event.ts';
import { isSameRepository } from '../../../src/webhooks/repository-address.ts';

const folder = new URL('../../../../shared/corpora/webhooks/', import.meta.url);
const read = (name: string): Buffer => readFileSync(new URL(name, folder));
const index = parseJson(read('index.json').toString());

const objects = (field: string): JsonObject[] => listAt(index, field).filter(isObject);
const noSecret = (): string => '';

const headersOf = (request: Json): Record<string, string> =>
  Object.fromEntries(
    Object.entries(objectAt(request, 'headers')).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );

describe('deliveries', () => {
  const posts = objects('requests').filter((request) => textAt(request, 'method') === 'POST');
  test.each(posts.map((request) => [`${textAt(request, 'source')} ${JSON.stringify(request['headers'])}`, request]))(
    '%s',
    (_, request) => {
      const payload = textAt(request, 'payload');
      const body = payload === '' ? Buffer.from(textAt(request, 'body')) : read(payload);
      const delivery = readDelivery({ headers: headersOf(request), body }, noSecret);
      if (!('events' in delivery)) {
        expect([delivery.status, `${delivery.text}\n`]).toEqual([request['expectedStatus'], request['expectedBody']]);
        return;
      }
      expect(delivery.provider).toBe(request['provider']);
      const told = delivery.events.flatMap((event): readonly unknown[] => {
        if (event.kind === 'ignored') return [];
        if (event.kind === 'registry')
          return [{ registryUrl: event.registry, repository: event.repository, tag: event.tag }];
        const { revision, touchesHead } = event;
        return event.repositories.map((repo) => ({ repo, revision, touchedHead: touchesHead }));
      });
      expect(told).toEqual(request['expected']);
    },
  );

  test.each(objects('ghcrParserCases').map((one) => [textAt(one, 'name'), one]))('of a registry: %s', (_, one) => {
    const body = Buffer.from(textAt(one, 'rawBody') || JSON.stringify(one['body']));
    const delivery = readDelivery({ headers: { 'x-github-event': 'package' }, body }, noSecret);
    if (one['error'] === true) return expect(delivery).toMatchObject({ status: 400 });
    if (!('events' in delivery)) throw new Error(delivery.text);
    const [event] = delivery.events;
    if (one['skip'] === true) return expect(event).toEqual({ kind: 'ignored' });
    const { registryUrl, ...rest } = objectAt(one, 'expected');
    expect(event).toEqual({ kind: 'registry', registry: registryUrl, ...rest });
  });
});

test.each(objects('repoUrlMatchCases').filter(({ error }) => error !== true))(
  'the page $webURL and the source $repoURL',
  ({ webURL, repoURL, match }) => {
    expect(isSameRepository(String(webURL), String(repoURL))).toBe(match);
  },
);

test.each(objects('revisionMatchCases'))(
  "a source that follows '$targetRevision' and a push to '$pushedRevision' (HEAD: $touchedHead)",
  ({ targetRevision, pushedRevision, touchedHead, expectChanged }) => {
    const event = { revision: String(pushedRevision), touchesHead: touchedHead === true };
    expect(isRevisionTouched(String(targetRevision), event)).toBe(expectChanged);
  },
);

test.each(objects('bitbucketCloudRefCases'))(
  "Bitbucket Cloud: a source that follows '$targetRevision' and a push to '$newName'",
  ({ targetRevision, newName, expectChanged }) => {
    const event = { revision: String(newName), touchesHead: false };
    expect(isRevisionTouched(String(targetRevision), event)).toBe(expectChanged);
  },
);

test.each(objects('pathFilterCases').map((one) => [textAt(one, 'name'), one]))('paths: %s', (_, one) => {
  const annotation = textAt(one, 'manifestGeneratePaths');
  const annotations = annotation === '' ? {} : { 'argocd.argoproj.io/manifest-generate-paths': annotation };
  const spec = { project: 'default', destination: {}, ...objectAt(one, 'spec') };
  const app = parse(application, { metadata: { name: 'web', annotations }, spec }, 'application');
  const event: PushEvent = {
    kind: 'push',
    repositories: ['https://github.com/jessesuen/test-repo'],
    revision: 'master',
    touchesHead: true,
    before: 'a',
    after: 'b',
    files: [textAt(one, 'changedFile')],
  };
  const { refreshes, hydrates } = verdictOf(app, event);
  expect({ refreshes, hydrates }).toEqual({ refreshes: one['refresh'], hydrates: one['hydrate'] });
});
