// What `repo add` asks: the URL, and how one is let in.

import type { RepositoryAccess } from '../../../../model/repository.ts';
import { isSshUrl } from '../../../../model/repository.ts';
import type { Context } from '../../../context.ts';
import { readSource } from '../../../input/read-source.ts';

export function askForUrl({ prompt }: Context): Promise<string> {
  return prompt.text({
    message: 'Repository URL',
    check: (value) =>
      /^(https?|ssh|git|file|oci):\/\/\S+$/.test(value) || isSshUrl(value) || value.startsWith('/')
        ? true
        : 'give https://…, git@host:path, ssh://…, oci://… or a folder',
  });
}

const LOGINS = {
  none: 'none: anybody may read it',
  password: 'username and password, or token',
  token: 'bearer token',
  key: 'ssh private key',
} as const;

/** The ways that a URL has. */
function waysOf(url: string): readonly (keyof typeof LOGINS)[] {
  if (isSshUrl(url)) return ['key', 'none'];
  if (/^https:/.test(url)) return ['none', 'password', 'token'];
  return /^(http|oci):/.test(url) ? ['none', 'password'] : ['none'];
}

export async function askForLogin(url: string, context: Context): Promise<RepositoryAccess> {
  const { prompt } = context;
  const ways = waysOf(url);
  const choices = ways.map((way) => ({ name: LOGINS[way], value: way }));
  const way = ways.length === 1 ? ways[0] : await prompt.choose({ message: 'Login', choices });
  if (way === 'password')
    return {
      username: await prompt.text({ message: 'Username', check: (value) => value !== '' || 'a token takes any name' }),
      password: await prompt.secret('Password or token'),
    };
  if (way === 'token') return { bearerToken: await prompt.secret('Bearer token') };
  if (way !== 'key') return {};
  const path = await prompt.text({
    message: 'File of the private key',
    check: async (value) =>
      readSource(value, context).then(
        (text) => /PRIVATE KEY/.test(text) || 'that is no private key',
        (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)),
      ),
  });
  return { sshPrivateKey: await readSource(path, context) };
}
