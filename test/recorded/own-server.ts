// Which files of transcripts are typed against our own server, and which of their lines come out otherwise, each with its reason.

import { hash } from 'bcryptjs';
import type { Clock } from '../../src/core/time.ts';
import type { OwnServer } from '../support/transcripts/own-server.ts';
import type { Transcript } from '../support/transcripts/read.ts';
import { ADMIN_FILES } from './own-server-admin.ts';
import { PROJECT_FILES } from './own-server-projects.ts';
import { SET_FILES } from './own-server-sets.ts';

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
  /** Of who types, where what is printed goes by it. */
  readonly clock?: Clock;
  /** By the number of the line: compared in neither mode. */
  readonly otherwise?: Reasons;
  /** Only exit code and streams are compared. */
  readonly wording?: Reasons;
  /** In our own mode: what takes the place of an answer on stdin. Lines that were declined are then not typed. */
  readonly agreed?: readonly string[];
  /** Not compared in our own mode. */
  readonly ours?: Reasons;
}

const ADMIN_PASSWORD = 'password-of-admin';

const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIDFzCCAf+gAwIBAgIUSlRkpyfII2lAhV29fXLCxvwWKAMwDQYJKoZIhvcNAQEL
BQAwGjEYMBYGA1UEAwwPZ2l0LmV4YW1wbGUuY29tMCAXDTI2MTEyOTEwMjEyNloY
DzIxMjYxMTA1MTAyMTI2WjAaMRgwFgYDVQQDDA9naXQuZXhhbXBsZS5jb20wggEi
MA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQCwYIfIA0c6SzP41c+Vba1yYZ1M
DQztuvETCzJj6KvBuATUm1e7EiKXoI7Bcot1aE6bIq/dcou4D4Jo1xcxSvXiqyRX
eBovta0tHhgH/aipBnS/DSPFFPD0YStfPUMzaYPvpmeRPpxlzPjyW2MVSdZyRpmK
NNwi3KycMK9c78OWTxJ07fALOpwX+4b3n9bMcN5QS70u7qHDaNdhvBlbwAWdLGAT
zUS5dPSYvpXtiUgHFnmjLNZmf+17cdk9JncXEvzz+bAOD44/NQ89Ei1Lz6qE2Nl7
T8mLmdpYbfCMvUg0xVoDkWbBckXDWYKj6LeX4kFVUTXJ9VuU/9xn8/3rRuelAgMB
AAGjUzBRMB0GA1UdDgQWBBQamXgAXvdBiG8ZCfVVDWjf4CRyRjAfBgNVHSMEGDAW
gBQamXgAXvdBiG8ZCfVVDWjf4CRyRjAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3
DQEBCwUAA4IBAQCGz/8vjrVObd/apcwIzAnEwouxE8SxqNXh43oH9IIsXuxapwmf
9APLadASuR6UexpsIPNnG7crtAmWMJQCHMG1nC1hy1mshKGC5EYgvQMJH+xovmmB
0jCEM09FwNmNykWnmKQooSaktO1nz8hELzm9Mz5/D9uqsPkDp6lRtC/hHLD856r8
Ee7dFGjMfqolNLrS2h2cClCcn0CxCB9w1+fZB7q3r4aASaN7kCLLCBQggRiYiyhh
z38X72kWKIRo9S/rRAnffG/fmSHSSsSc70fgNx3ZyTfteehpf1ekqv+VCjBrc9M3
Zyz0wX9YKbdQREoJBJgRdzYdhjG65FE3cgBb
-----END CERTIFICATE-----
`;

const GPG_KEY = `-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEawPqLhYJKwYBBAHaRw8BAQdAq2BFjxk4fge2nPa16lhIPeLAE9s1MSjk75ZK
rwYhx8O0HUFkYSBFeGFtcGxlIDxhZGFAZXhhbXBsZS5jb20+iJYEExYIAD4WIQSJ
7rWlsbmZiN5Eq0dRtDHQE0mm8gUCawPqLgIbAwUJA8JnAAULCQgHAgYVCgkICwIE
FgIDAQIeAQIXgAAKCRBRtDHQE0mm8jIKAP9bse+h3xXrRbIOzXIj/mwR3hs5AkW4
JrzSz8FDO+VrFAD/Z8MGmNN0Ldj4IHgVLWpufDhafzDIEQKo/9uvZcpVkgw=
=IEAn
-----END PGP PUBLIC KEY BLOCK-----
`;

/** The same as the line that is typed on stdin. */
const HOST_KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIEbGcXPOpphHwfV2FDXFZV4j99pMmIXRSxU2di6psoAi';

const UNASKED = 'in a pipe nobody is asked, so it is gone already';

const CONNECTION_FILES = {
  'ca.pem': CERTIFICATE,
  'ca.key': '-----BEGIN PRIVATE KEY-----\nonly its form counts\n-----END PRIVATE KEY-----\n',
  key: '-----BEGIN OPENSSH PRIVATE KEY-----\nonly its form counts\n-----END OPENSSH PRIVATE KEY-----\n',
  hosts: `git.example.com ssh-ed25519 ${HOST_KEY} example\n`,
  text: 'just a text\n',
  'key.asc': GPG_KEY,
} as const;

const FACTS = 'other kinds, objects and applications are in the cluster of the recordings';

const KUBECONFIG_WORD = ['$', '{kubeconfig}'].join('');

/** The transcript does not show how the cluster came back. */
async function addLab(server: OwnServer): Promise<void> {
  const env = { KUBECONFIG: KUBECONFIG_WORD };
  const line = { id: '', about: '', stdin: undefined, tty: false, stdout: '', stderr: '', exit: 0, cut: false };
  await server.type({ ...line, env, argv: ['cluster', 'add', 'lab', '--yes'] });
}

export const ON_OWN_SERVER: Readonly<Record<string, OwnFile>> = {
  ...PROJECT_FILES,
  ...ADMIN_FILES,
  ...SET_FILES,
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
  'cert-gpg': {
    files: CONNECTION_FILES,
    wording: { 43: 'no gpg is run' },
    ours: { 8: 'a text without a certificate is refused', 52: UNASKED },
  },
  cluster: {
    before: { 44: (server) => addLab(server) },
    otherwise: { 1: FACTS, 2: FACTS, 6: FACTS, 7: FACTS, 23: FACTS, 26: 'the order of clusters is chance' },
    ours: {
      17: 'in a pipe nobody is asked, so it is added',
      18: 'it is there already',
      19: 'it is there already, with the same settings',
      28: 'nothing to change is no success',
    },
  },
  'repo-repocreds': {
    files: CONNECTION_FILES,
    words: { '${word}': 'word' },
    ours: { 25: 'a password comes by --password-stdin', 43: UNASKED, 62: UNASKED },
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
