// Which files of transcripts are typed against our own server, and which of their lines come out otherwise, each with its reason.

import type { OwnServer } from '../support/transcripts/own-server.ts';

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

export const ON_OWN_SERVER: Readonly<Record<string, OwnFile>> = {};
