// Signature keys of a project: the reference calls them deprecated, in favour of source integrity.

import type { Context } from '../../context.ts';
import { checkKey } from '../../input/key-id.ts';
import { projectEdit } from './shared/project-edit.ts';
import { alreadyThere, notThere } from './shared/refusals.ts';

const INSTEAD =
  'hawser proj source-integrity git policies add shop --repo-url https://git.example.com/shop/deploy.git --gpg-mode head --gpg-key 4AEE18F83AFDEB23';

const warnOf =
  (verb: string) =>
  (context: Context): void => {
    const { wording } = context.policy;
    wording.caution(
      `Command "${verb}" is deprecated, Managing project signature keys through CLI is deprecated, migrate to Source Integrity defined in AppProject manifest\n`,
      context,
    );
    wording.advise(
      'signature keys are deprecated: hawser proj source-integrity git policies add replaces them',
      context,
    );
  };

export const addSignatureKeyCommand = projectEdit({
  name: 'add-signature-key',
  description: 'Requires commits to be signed by a GnuPG key. Deprecated: use proj source-integrity.',
  arguments: ['<key-id>'],
  flags: [],
  examples: [
    { about: 'Accept a key', line: 'hawser proj add-signature-key shop 4AEE18F83AFDEB23' },
    { about: 'Use what replaces it', line: INSTEAD },
  ],
  lead: warnOf('add-signature-key'),
  edit: ({ metadata, spec }, { args: [key] }) => {
    checkKey(key);
    const keys = spec.signatureKeys ?? [];
    if (keys.some(({ keyID }) => keyID === key))
      throw alreadyThere(
        `signature key '${key}' is in project '${metadata.name}' already`,
        'Specified signature key is already defined in project',
      );
    return { spec: { ...spec, signatureKeys: [...keys, { keyID: key }] }, says: `signature key '${key}' added` };
  },
});

export const removeSignatureKeyCommand = projectEdit({
  name: 'remove-signature-key',
  description: 'Takes a GnuPG key from a project. Deprecated: use proj source-integrity.',
  arguments: ['<key-id>'],
  flags: [],
  examples: [
    { about: 'Take a key away', line: 'hawser proj remove-signature-key shop 4AEE18F83AFDEB23' },
    { about: 'Show the keys', line: 'hawser proj get shop' },
  ],
  lead: warnOf('remove-signature-key'),
  edit: ({ metadata, spec }, { args: [key] }) => {
    const keys = spec.signatureKeys ?? [];
    const rest = keys.filter(({ keyID }) => keyID !== key);
    if (rest.length === keys.length)
      throw notThere(
        `signature key '${key}' is not in project '${metadata.name}'`,
        metadata.name,
        'Specified signature key is not configured for project',
      );
    return { spec: { ...spec, signatureKeys: rest }, says: `signature key '${key}' removed` };
  },
});
