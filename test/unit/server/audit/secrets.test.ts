import { describe, expect, test } from 'vitest';
import { isSecretName, withoutSecrets } from '../../../../src/server/audit/secrets.ts';

test.each([
  ['https://ann:word@git.example.com/a.git', 'https://(hidden)@git.example.com/a.git'],
  ['ssh://git@git.example.com/a.git', 'ssh://(hidden)@git.example.com/a.git'],
  ['git@github.com:a/b.git', 'git@github.com:a/b.git'],
  ['password: word', 'password: (hidden)'],
  ['  dbPassword: "a: b"', '  dbPassword: (hidden)'],
  ["adminToken: 'it''s'\nimage: web:v1", 'adminToken: (hidden)\nimage: web:v1'],
  ['{"apiKey":"a\\"b","image":"web"}', '{"apiKey":(hidden),"image":"web"}'],
  ['auth:\n  secret: |\n    line one\n    line two\nreplicas: 2', 'auth:\n  secret: (hidden)\nreplicas: 2'],
  ['- clientSecret: word', '- clientSecret: (hidden)'],
  ['run --token=word --image web', 'run --token=(hidden)'],
  ['Authorization: Bearer abcdef123456', 'Authorization: (hidden)'],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.abc', '(hidden)'],
  ['-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\nrest', '(hidden)\nrest'],
  ['ghp_0123456789abcdef0123', '(hidden)'],
  ['$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy', '(hidden)'],
  ['image: nginx:1.27\nreplicas: 3', 'image: nginx:1.27\nreplicas: 3'],
  ['p, role:dev, applications, get, */*, allow', 'p, role:dev, applications, get, */*, allow'],
  ['', ''],
])('%j is written as %j', (text, written) => {
  expect(withoutSecrets(text)).toBe(written);
});

test('a long text is looked through at once', () => {
  const begun = performance.now();
  withoutSecrets('a'.repeat(300_000));
  withoutSecrets('password '.repeat(30_000));
  withoutSecrets(`${' '.repeat(1000)}\n`.repeat(300));
  expect(performance.now() - begun).toBeLessThan(200);
});

describe('a name', () => {
  test.each([
    'password',
    'dbPassword',
    'DB_PASSWORD',
    'db.password',
    'token',
    'tokens',
    'apiKey',
    'client-secret',
    'auth',
    'sshPrivateKey',
    'tlsClientCertKey',
  ])('%s is of a secret', (name) => expect(isSecretName(name)).toBe(true));
  test.each(['secretName', 'secretRef', 'image', 'replicas', 'author', 'tokenRef'])('%s is of none', (name) =>
    expect(isSecretName(name)).toBe(false),
  );
});
