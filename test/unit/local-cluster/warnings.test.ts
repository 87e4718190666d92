// What the API warns of reaches a client, whatever is in it: a header is one line of bytes.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KubeServer, startKubeServer } from '../../support/kube-server.ts';

let server: KubeServer;
beforeAll(async () => {
  server = await startKubeServer();
});
afterAll(() => server.close());

test.each(['ключ', 'naïve', '日本', '…', '😀', 'two\nlines', 'a\u0000b', '"quoted"', 'back\\slash'])(
  'an unknown field %j is warned of',
  async (field) => {
    const answer = await fetch(`${server.url}/api/v1/namespaces/default/configmaps?fieldValidation=Warn&dryRun=All`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ metadata: { name: 'a' }, [field]: 1 }),
    });
    expect(answer.status).toBe(201);
    const warning = Buffer.from(answer.headers.get('warning') ?? '', 'latin1').toString('utf8');
    expect(warning).toBe(`299 - ${JSON.stringify(`unknown field "${field.replace(/[\n\0]/g, ' ')}"`)}`);
  },
);
