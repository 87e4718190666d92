import type { Application } from '../../model/application.ts';
import type { Context } from '../context.ts';

/** Why an application that is Degraded is so, as a section of its own; '' for every other, and where nothing is known. */
export async function causeSection(application: Application, context: Context): Promise<string> {
  if (application.status?.health?.status !== 'Degraded') return '';
  const { client } = await context.connect();
  const [{ findCauses }, { causeLines }] = await Promise.all([import('./find.ts'), import('../../render/causes.ts')]);
  const causes = await findCauses(application, { client, signal: context.signal }).catch(() => []);
  if (causes.length === 0) return '';
  const { style } = await context.view();
  const lines = causeLines([], causes).map((line) => `  ${line}\n`);
  return `\n${style.heading('Causes:')}\n${lines.join('')}`;
}
