import { listGpgKeys } from '../../../../api/gpg-keys.ts';
import type { IntegrityPolicy } from '../../../../model/project.ts';
import type { Context } from '../../../context.ts';

/** What is not wrong with a policy, but surely not meant. */
export async function warnOf(policy: IntegrityPolicy, context: Context): Promise<void> {
  const { repos = [], gpg } = policy;
  const keys = gpg.keys ?? [];
  const missing = keys.length > 0 ? await missingKeys(keys, context) : [];
  const warnings = [
    repos.length === 0 ? 'Policy has no repository URLs and will never be used' : '',
    keys.length === 0 ? 'Policy has no GPG keys and will never validate any revision' : '',
    missing.length > 0 ? `Following GPG keys are not in repo-server keyring: ${missing.join(', ')}` : '',
  ];
  for (const warning of warnings) if (warning !== '') context.io.err.write(`Warning: ${warning}\n`);
}

/** Those that the server does not have; none where it may not be asked. */
async function missingKeys(keys: readonly string[], context: Context): Promise<readonly string[]> {
  const { client } = await context.connect();
  const { items } = await client.call(listGpgKeys, {}).catch(() => ({ items: undefined }));
  if (items === undefined) return [];
  const known = (items ?? []).flatMap(({ keyID = '', fingerprint = '' }) => [keyID, fingerprint]);
  return keys.filter((key) => !known.includes(key));
}
