// The public keys of a server as a keyring of gpg, made anew when they change.

import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createKeyedMutex } from '../../core/concurrency.ts';
import { HawserError } from '../../core/errors.ts';
import { childEnvironment } from '../environment.ts';
import { execute } from '../execute.ts';
import type { Tools } from '../tools.ts';

export interface Keyring {
  /** The file of gpg. */
  readonly program: string;
  /** Its home, with these keys and no others. */
  readonly home: string;
}

export interface KeyringContext {
  readonly tools: Tools;
  readonly environment: NodeJS.ProcessEnv;
  /** For keyrings alone. */
  readonly folder: string;
}

const TIMEOUT_MS = 30_000;

const exclusive = createKeyedMutex();

/** `keys` are armoured texts. Throws `missing-tool` without gpg. */
export async function openKeyring(context: KeyringContext, keys: readonly string[]): Promise<Keyring> {
  const { tools, folder } = context;
  const program = await tools.find('gpg');
  const name = createHash('sha256')
    .update(JSON.stringify([...keys].sort()))
    .digest('hex')
    .slice(0, 32);
  const home = join(folder, name);
  await exclusive(folder, async () => {
    if (await stat(home).catch(() => undefined)) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const others = await readdir(folder);
    await importKeys(context, { program, home, keys });
    for (const other of others) await rm(join(folder, other), { recursive: true, force: true });
  });
  return { program, home };
}

async function importKeys(
  { environment, folder }: KeyringContext,
  { program, home, keys }: Keyring & { readonly keys: readonly string[] },
): Promise<void> {
  const draft = await mkdtemp(join(folder, 'draft-'));
  await chmod(draft, 0o700);
  // An empty one: gpg of some systems would make one that asks a daemon for the keys.
  await writeFile(join(draft, 'common.conf'), '');
  const { code, stderr } = await execute({
    program,
    name: 'gpg',
    arguments: ['--batch', '--no-tty', '--no-autostart', '--quiet', '--import'],
    environment: childEnvironment(environment, { GNUPGHOME: draft }),
    input: keys.join('\n'),
    timeoutMs: TIMEOUT_MS,
  });
  // Keys that cannot be read are left out by gpg; what they signed is not proved then.
  if (code !== 0 && keys.length > 0 && !/imported|processed/i.test(stderr))
    throw new HawserError('invalid', `gpg cannot read the GPG keys of the server: ${stderr.trim().split('\n')[0]}`, {
      hint: 'hawser gpg list',
    });
  await rename(draft, home);
}
