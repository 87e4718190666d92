import type { Application } from '../../../../model/application.ts';
import { LINE_QUESTIONS } from '../../../compat/questions.ts';
import type { Context } from '../../../context.ts';
import { confirmOrRefuse } from '../../../input/confirm.ts';
import { findDifferences } from '../shared/differences.ts';
import { showDifferences } from '../shared/show-differences.ts';
import type { SyncOptions } from './flags.ts';

/** Shows what a sync would change and asks; false when there is nothing to do or the answer is no. */
export async function previewAgrees(app: Application, options: SyncOptions, context: Context): Promise<boolean> {
  const { name, namespace } = app.metadata;
  const target = namespace ? { name, appNamespace: namespace } : { name };
  const differences = await findDifferences({ target, revision: options.revision }, context);
  context.io.out.write(`====== Previewing differences between live and desired state of application ${name} ======\n`);
  if (differences.length === 0) {
    context.io.out.write('====== No Differences found ======\n');
    return false;
  }
  await showDifferences(differences, undefined, context);
  if (options.assumeYes || options.yes) return true;
  const message = `Sync '${name}' with these changes?`;
  return confirmOrRefuse({ message, line: LINE_QUESTIONS.sync(name), flag: '--assumeYes' }, context);
}
