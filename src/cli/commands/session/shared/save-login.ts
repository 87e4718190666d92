import { type ResolvedContext, withLogin } from '../../../config/config.ts';
import type { Context } from '../../../context.ts';
import { writeResult } from '../../../output/result.ts';

export interface Told {
  /** Who is logged in; absent where nobody is: a cluster is reached by its kubeconfig. */
  readonly subject?: string;
  /** Who is logged in again: that was said before. */
  readonly renewed?: string;
  readonly output: string | undefined;
}

/** Keeps a login as a context, which becomes the current one. */
export async function saveLogin(
  login: ResolvedContext,
  { subject, renewed, output }: Told,
  context: Context,
): Promise<void> {
  const { name, server } = login;
  if (subject !== undefined && output === undefined) context.io.out.write(`'${subject}' logged in successfully\n`);
  const file = await context.config();
  await file.change((config) => withLogin(config, login));
  const text = (): void => context.io.out.write(`Context '${name}' updated\n`);
  await writeResult({ context: name, server: server.server, user: subject ?? renewed }, { output, text }, context);
}
