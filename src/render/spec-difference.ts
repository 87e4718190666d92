import { formatYaml } from '../core/yaml.ts';
import type { Application } from '../model/application.ts';

/** What separates two specs, as a unified difference of their YAML; '' when nothing does. */
export async function renderSpecDifference(before: Application, after: Application): Promise<string> {
  const { structuredPatch } = await import('diff');
  const text = (app: Application): string => formatYaml({ spec: app.spec }, { sortKeys: true });
  const { hunks } = structuredPatch('', '', text(before), text(after), undefined, undefined, { context: 1 });
  return hunks.flatMap((hunk) => hunk.lines.map((line) => `  ${line}\n`)).join('');
}
