// Keys of gpg, made for a test, and commits that they sign.

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Signers {
  /** Makes a key that ends after a while; answers its fingerprint. */
  key(user: string, lifetime?: string, ...options: readonly string[]): Promise<string>;
  /** The public key, armoured. */
  exported(key: string): Promise<string>;
  /** The configuration by which git signs with these keys. */
  readonly git: readonly string[];
  /** The same, with options of gpg. */
  at(options: readonly string[]): readonly string[];
  remove(): Promise<void>;
}

export async function createSigners(): Promise<Signers> {
  const home = await mkdtemp(join(tmpdir(), 'gpg-'));
  const program = join(home, 'gpg-of-test');
  await writeFile(program, `#!/bin/sh\nGNUPGHOME='${home}' exec gpg --batch --passphrase '' "$@"\n`, { mode: 0o755 });
  const gpg = async (...words: readonly string[]): Promise<string> => (await run(program, words)).stdout;
  const fingerprintOf = async (user: string): Promise<string> =>
    /^fpr:+([\dA-F]{40}):/m.exec(await gpg('--with-colons', '--list-keys', user))?.[1] ?? '';
  const withOptions = (options: readonly string[]): string => {
    const own = join(home, 'gpg-with-options');
    writeFileSync(own, `#!/bin/sh\nexec '${program}' ${options.join(' ')} "$@"\n`, { mode: 0o755 });
    return own;
  };
  return {
    key: async (user, lifetime = 'never', ...options) => {
      await gpg(...options, '--quick-generate-key', user, 'ed25519', 'sign', lifetime);
      return fingerprintOf(user);
    },
    exported: (key) => gpg('--armor', '--export', key),
    git: ['-c', `gpg.program=${program}`],
    at: (options) => ['-c', `gpg.program=${withOptions(options)}`],
    remove: async () => {
      await run('gpgconf', ['--homedir', home, '--kill', 'all']).catch(() => undefined);
      await rm(home, { recursive: true, force: true });
    },
  };
}
