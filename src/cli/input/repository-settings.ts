import { omitUndefined } from '../../core/omit-undefined.ts';
import type { RepositorySettings } from '../../model/repository.ts';
import type { Context } from '../context.ts';
import { accessOf, type REPOSITORY_FLAGS, refusedOption } from './access-flags.ts';
import type { OptionsOf } from './flags.ts';

/** What the flags say of one repository, files and secrets read. */
export async function repositoryFrom(
  url: string,
  options: OptionsOf<typeof REPOSITORY_FLAGS>,
  context: Context,
): Promise<RepositorySettings> {
  if (options.type === 'helm' && !options.name)
    throw refusedOption(
      "Must specify --name for repos of type 'helm'",
      'name it as charts will be asked for: --name charts',
    );
  const access = await accessOf(url, options, context);
  return {
    repo: url,
    ...access,
    ...omitUndefined({
      name: options.name,
      project: options.project,
      insecure: options.insecureSkipServerVerification,
      insecureIgnoreHostKey: options.insecureIgnoreHostKey,
      enableLfs: options.enableLfs,
      depth: options.depth,
      proxy: options.proxy,
      noProxy: options.noProxy,
      webhookManifestCacheWarmDisabled: options.webhookManifestCacheWarmDisabled,
    }),
  };
}
