import { type ResolvedContext, withLogin } from '../../../config/config.ts';
import type { Context } from '../../../context.ts';

/** Keeps a login as a context, which becomes the current one. */
export async function saveLogin(login: ResolvedContext, context: Context): Promise<void> {
  const file = await context.config();
  await file.change((config) => withLogin(config, login));
  context.io.out.write(`Context '${login.name}' updated\n`);
}
