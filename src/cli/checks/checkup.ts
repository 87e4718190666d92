// All checks, each begun as soon as what it needs is there, so that a slow one holds up no other.

import { HawserError } from '../../core/errors.ts';
import type { Check, Finding } from '../../model/checkup.ts';
import type { Connection, Context } from '../context.ts';
import { applicationsFinding } from './applications-check.ts';
import { asCheck, inTime, type Limit, skipped } from './check.ts';
import { contextFinding } from './context-check.ts';
import { folderFinding, holdsSystem } from './folder-check.ts';
import type { FolderState } from './inspector.ts';
import { proxyFinding } from './proxy-check.ts';
import {
  accountFinding,
  askServer,
  clockFinding,
  type ServerAnswers,
  serverFinding,
  versionsFinding,
} from './server-checks.ts';
import { toolsFinding } from './tools-check.ts';

/** What several checks stand on. */
interface Ground {
  readonly connection: Promise<Connection>;
  /** Of the local system; undefined where the server is elsewhere. */
  readonly folder: Promise<FolderState | undefined>;
  /** Undefined where there is nothing to ask yet. */
  readonly answers: Promise<ServerAnswers | undefined>;
}

/** The checks in the order in which they are read; each is there when it has ended. */
export async function startCheckup(context: Context, milliseconds: number): Promise<readonly Promise<Check>[]> {
  const limit: Limit = { milliseconds, context };
  const inspector = await context.inspect();
  const connection = inTime(limit, () => context.connect());
  const folder = connection.then(({ local }) => (local ? inTime(limit, inspector.folderState) : undefined));
  const answers = Promise.all([connection, folder]).then(([server, state]) =>
    state && !holdsSystem(state)
      ? nothingYet(state)
      : inTime(limit, (signal) => askServer(server, context, signal)).catch(inWordsOf(server)),
  );
  const ground: Ground = { connection, folder, answers };
  const check = (name: string, finding: Promise<Finding>): Promise<Check> => asCheck(name, limit, finding);
  const tools = Promise.all([inTime(limit, inspector.tools), connection.catch(() => undefined)]);
  const checks = [
    check(
      'context',
      connection.then((server) => contextFinding(server, context)),
    ),
    check('server', serverCheck(ground)),
    check(
      'account',
      fromAnswers(ground, (found, server) => accountFinding(found, server, context.clock.now())),
    ),
    check(
      'versions',
      ground.answers.catch(() => undefined).then((found) => versionsFinding(found ?? {}, context)),
    ),
    check(
      'tools',
      tools.then(([states, server]) => toolsFinding(states, server?.local ?? false)),
    ),
    check(
      'proxy',
      withServer(ground, (server) => proxyFinding(server, context.env)),
    ),
    check('clock', fromAnswers(ground, clockFinding)),
    check('applications', applicationsCheck(ground, limit)),
  ];
  const isLocal = await connection.then(
    ({ local }) => local,
    () => false,
  );
  if (!isLocal) return checks;
  const data = check(
    'data folder',
    folder.then((state) => folderFinding(inspector.folder, state ?? { use: 'absent' })),
  );
  return [...checks.slice(0, 1), data, ...checks.slice(1)];
}

const NO_CONTEXT = skipped('not checked: no server is known');
const NO_ANSWER = skipped('not checked: the server does not answer');
const NOTHING_YET = skipped('nothing yet: the first command starts the local system');

/** What is said where the server has not even a name is said once, by the check of the context. */
function withServer({ connection }: Ground, find: (server: Connection) => Finding): Promise<Finding> {
  return connection.then(find, () => NO_CONTEXT);
}

/** Nothing within the time is what no connection is, and ends as that. */
const inWordsOf =
  ({ client }: Connection) =>
  (thrown: unknown): never => {
    if (!(thrown instanceof HawserError) || thrown.code !== 'timed-out') throw thrown;
    throw thrown.with({
      code: 'unreachable',
      message: `cannot reach ${client.address}: ${thrown.message}`,
      hint: 'check the address, the network and the proxy; --timeout gives it more time',
    });
  };

/** What is there can be used, or made. */
const isReady = ({ use, problem }: FolderState): boolean => problem === undefined && use !== 'silent';

/** A system that does not run yet has no answers; one that cannot run fails to answer. */
function nothingYet(state: FolderState): undefined {
  if (!isReady(state)) throw new HawserError('broken-state', 'the data folder cannot be used');
}

async function serverCheck({ connection, folder, answers }: Ground): Promise<Finding> {
  const server = await connection.catch(() => undefined);
  if (!server) return NO_CONTEXT;
  const state = await folder;
  if (state && !isReady(state)) return skipped('not checked: its data folder cannot be used');
  const result = await answers;
  return result ? serverFinding(result, server, state) : NOTHING_YET;
}

async function fromAnswers(
  { connection, answers }: Ground,
  find: (found: ServerAnswers, server: Connection) => Finding,
): Promise<Finding> {
  const server = await connection.catch(() => undefined);
  if (!server) return NO_CONTEXT;
  try {
    const result = await answers;
    return result ? find(result, server) : NOTHING_YET;
  } catch {
    return NO_ANSWER;
  }
}

async function applicationsCheck({ connection, answers }: Ground, limit: Limit): Promise<Finding> {
  const server = await connection.catch(() => undefined);
  if (!server) return NO_CONTEXT;
  const result = await answers.catch(() => 'none' as const);
  if (result === 'none') return NO_ANSWER;
  if (result === undefined) return { ...NOTHING_YET, next: 'hawser app create' };
  if (!result.user.loggedIn) return skipped('not checked: not logged in');
  return inTime(limit, (signal) => applicationsFinding(server.client, signal));
}
