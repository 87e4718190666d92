// Accounts, users and versions that a transcript shows, as the server must have sent them.

import { isObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { parseYaml } from '../../../src/core/yaml.ts';
import { documentIn, tableIn } from './shown.ts';

const SECONDS = 1_767_607_200;

export function accountsIn(stdout: string): JsonObject[] {
  const document = documentIn(stdout) ?? looseYaml(stdout);
  if (Array.isArray(document)) return document.filter(isObject);
  if (isObject(document)) return [document];
  if (stdout.startsWith('NAME'))
    return tableIn(stdout.trimEnd().split('\n'))
      .slice(1)
      .map(([name = '', enabled, capabilities = '']) => account(name, enabled, capabilities));
  const field = (label: string): string => new RegExp(`^${label}: +(.*)$`, 'm').exec(stdout)?.[1] ?? '';
  if (stdout.startsWith('Name:')) {
    const [, table = ''] = stdout.split('Tokens:\n');
    const rows = table.startsWith('ID') ? tableIn(table.trimEnd().split('\n')).slice(1) : [];
    const tokens = rows.map(([id = '', , expires = '']) => ({
      id,
      issuedAt: SECONDS,
      ...(expires === 'never' ? {} : { expiresAt: SECONDS }),
    }));
    return [
      { ...account(field('Name'), field('Enabled'), field('Capabilities')), ...(tokens.length > 0 ? { tokens } : {}) },
    ];
  }
  return stdout
    .trimEnd()
    .split('\n')
    .filter((name) => /^[a-z-]+$/.test(name))
    .map((name) => account(name, 'true', ''));
}

const account = (name: string, enabled: string | undefined, capabilities: string): JsonObject => ({
  name,
  ...(enabled === 'true' ? { enabled: true } : {}),
  capabilities: capabilities.split(', ').filter(Boolean),
});

function looseYaml(stdout: string): Json | undefined {
  if (!/^(- )?(capabilities|iss|client):/.test(stdout)) return undefined;
  return JSON.parse(JSON.stringify(parseYaml(stdout, 'transcript')));
}

export function userIn(stdout: string): JsonObject {
  const document = documentIn(stdout) ?? looseYaml(stdout);
  if (isObject(document) && 'loggedIn' in document) return document;
  if (stdout.startsWith('Logged In: false')) return {};
  const [, username = 'admin'] = /^Username: (.*)$/m.exec(stdout) ?? [];
  return { loggedIn: true, username, iss: 'argocd' };
}

export function versionIn(stdout: string): JsonObject {
  const document = documentIn(stdout) ?? looseYaml(stdout);
  if (isObject(document) && isObject(document['server']))
    return { Version: 'v99.99.99+unknown', ...document['server'] };
  const [, block = ''] = stdout.split(/^(?=argocd-server: )/m);
  const fields = [...block.matchAll(/^ {2}([\w ]+): (.*)$/gm)].map(([, name = '', value = '']) => [
    name.replaceAll(' ', ''),
    value,
  ]);
  return { Version: /^argocd-server: (.*)$/m.exec(block)?.[1] ?? 'v3.5.1', ...Object.fromEntries(fields) };
}
