import type { ObjectDifference } from '../../../../render/object-difference.ts';
import type { Context } from '../../../context.ts';
import { writeDocument } from '../../../output/document.ts';

/** In the form that was typed; without one, by the program of the environment, or as our own unified view. */
export async function showDifferences(
  differences: readonly ObjectDifference[],
  output: string | undefined,
  context: Context,
): Promise<void> {
  const { io } = context;
  if (output === 'json' || output === 'yaml') {
    const { differenceDocument } = await import('../../../../render/difference-summary.ts');
    await writeDocument(differenceDocument(differences), output, context);
    return;
  }
  const view = await context.view();
  if (output === 'summary') {
    const { renderDifferenceSummary } = await import('../../../../render/difference-summary.ts');
    io.out.write(renderDifferenceSummary(differences, view));
    return;
  }
  if (differences.length === 0) return;
  if (output === 'names') {
    const { renderDifferenceNames } = await import('../../../../render/difference-summary.ts');
    io.out.write(renderDifferenceNames(differences));
  } else if (output === 'side-by-side') {
    const { renderSideBySide } = await import('../../../../render/side-by-side.ts');
    io.out.write(renderSideBySide(differences, io.out.columns(), view.style));
  } else await showWhole(differences, output, context);
}

/** By the program of the environment, where a format was not typed; else by our own view. */
async function showWhole(
  differences: readonly ObjectDifference[],
  output: string | undefined,
  context: Context,
): Promise<void> {
  const program = context.env['KUBECTL_EXTERNAL_DIFF'] || context.policy.defaults.diffProgram;
  if (program && output === undefined) {
    const { externalDiff } = await import('./external-diff.ts');
    context.io.out.write(await externalDiff(differences, program, context));
    return;
  }
  const { renderDifferences } = await import('../../../../render/differences.ts');
  context.io.out.write(await renderDifferences(differences, (await context.view()).style));
}
