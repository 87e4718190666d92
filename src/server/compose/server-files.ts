// A server that has no descriptor left goes on with what it has: the files that it may need are read before others reach it.

import { loadBuiltinTypes } from '../../objects/types.ts';

export async function loadServerFiles(): Promise<void> {
  const { parseYaml } = await import('../../core/yaml.ts');
  // A package is read when something of it is used.
  parseYaml('a: b', 'nothing');
  await Promise.all([
    loadBuiltinTypes(),
    import('../../local-cluster/controllers/run.ts'),
    import('../../local-cluster/listen.ts'),
    import('../../repo/details.ts'),
    import('../http/serve-system.ts'),
  ]);
}
