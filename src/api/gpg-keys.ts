// Public keys that commits may be signed with.

import { anything, flag, list, type Of, object, optional, text } from '../core/shape.ts';
import { type GpgKey, gpgKey, gpgKeyList } from '../model/gpg-key.ts';
import type { Endpoint } from './endpoint.ts';
import type { Action, ObjectRight } from './rights.ts';

const PATH = '/api/v1/gpgkeys';

const may = (action: Action): ObjectRight<unknown> => ({ resource: 'gpgkeys', action, object: () => '' });

const byId = object({ keyID: text });
const anyId = object({ keyID: optional(text) });

export const listGpgKeys: Endpoint<Of<typeof anyId>, Of<typeof gpgKeyList>> = {
  method: 'GET',
  path: PATH,
  right: may('get'),
  input: anyId,
  output: gpgKeyList,
};

export const getGpgKey: Endpoint<Of<typeof byId>, GpgKey> = {
  method: 'GET',
  path: `${PATH}/{keyID}`,
  right: may('get'),
  input: byId,
  output: gpgKey,
};

const createInput = object({ publickey: gpgKey, upsert: optional(flag) });
const createOutput = object({ created: optional(gpgKeyList), skipped: optional(list(text)) });

export interface CreatedGpgKeys extends Of<typeof createOutput> {}

export const createGpgKeys: Endpoint<Of<typeof createInput>, CreatedGpgKeys> = {
  method: 'POST',
  path: PATH,
  right: may('create'),
  body: 'publickey',
  input: createInput,
  output: createOutput,
};

export const deleteGpgKey: Endpoint<Of<typeof anyId>, unknown> = {
  method: 'DELETE',
  path: PATH,
  right: may('delete'),
  input: anyId,
  output: anything,
};
