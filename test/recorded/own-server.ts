// Which files of transcripts are typed against our own server, and which of their lines come out otherwise, each with its reason.

import { hash } from 'bcryptjs';
import type { OwnServer } from '../support/transcripts/own-server.ts';
import type { Transcript } from '../support/transcripts/read.ts';

type Reasons = Readonly<Record<number, string>>;

export interface OwnFile {
  /** What was done before the first line. */
  readonly setUp?: (server: OwnServer) => Promise<void>;
  /** What was done between the lines: before the line of this number. */
  readonly before?: Readonly<Record<number, (server: OwnServer) => Promise<void>>>;
  /** Files in the folder where the lines were typed. */
  readonly files?: Readonly<Record<string, string>>;
  /** What stands for a word of the lines: '${password}'. */
  readonly words?: Readonly<Record<string, string>>;
  /** By the number of the line: compared in neither mode. */
  readonly otherwise?: Reasons;
  /** Only exit code and streams are compared. */
  readonly wording?: Reasons;
  /** Not compared in our own mode. */
  readonly ours?: Reasons;
}

const ADMIN_PASSWORD = 'password-of-admin';

export const ON_OWN_SERVER: Readonly<Record<string, OwnFile>> = {
  account: {
    words: {
      '${password}': ADMIN_PASSWORD,
      '${new-password}': 'another-password',
      '${short-password}': 'short',
      '${reader-password}': 'reader-password',
    },
    setUp: (server) => setPassword(server, 'admin.password', ADMIN_PASSWORD),
    before: {
      47: async (server) => {
        const login = 'login 127.0.0.1:8080 --plaintext --config own --username reader --password reader-password';
        await server.type(typedLine(login));
      },
      // The recording had its tokens from before the password changed.
      50: (server) => setPassword(server, 'accounts.reader.password', 'reader-password'),
    },
    otherwise: {
      35: 'the token that was deleted is not the one that was printed last',
      46: 'passwords are read from stdin too',
    },
    ours: { 40: 'a pipe is not asked for a password', 53: 'a noun alone prints its help' },
  },
};

async function setPassword({ cluster }: OwnServer, key: string, password: string): Promise<void> {
  const reference = { group: '', version: 'v1', kind: 'Secret', namespace: 'argocd', name: 'argocd-secret' };
  const value = Buffer.from(await hash(password, 4)).toString('base64');
  await cluster.patch(reference, { type: 'merge', body: { data: { [key]: value } } });
}

const typedLine = (text: string): Transcript => ({
  ...{ id: '', about: '', env: {}, stdin: undefined, tty: false, stdout: '', stderr: '', exit: 0, cut: false },
  argv: text.split(' '),
});
