// Shows which fields of the object in a file the settings leave out.

import { sameJson } from '../../../../../core/json.ts';
import { formatYaml } from '../../../../../core/yaml.ts';
import { normalDiff } from '../../../../../render/normal-diff.ts';
import type { Context } from '../../../../context.ts';
import type { IgnoreSetting } from '../../../../offline/settings-tools.ts';
import { writeResult } from '../../../../output/result.ts';
import type { OverrideSource } from './override-source.ts';

const NAMES: Readonly<Record<IgnoreSetting, readonly [what: string, verb: string]>> = {
  ignoreDifferences: ['Ignore differences', 'ignoreDifferences'],
  ignoreResourceUpdates: ['Ignore resource updates', 'ignoreResourceUpdates'],
};

export async function showIgnoredFields(
  { tools, config, object, kind }: OverrideSource,
  { setting, output }: { readonly setting: IgnoreSetting; readonly output: string | undefined },
  context: Context,
): Promise<void> {
  const remaining = await tools.withoutIgnored(config, object, setting);
  const [what, name] = NAMES[setting];
  const diff = remaining && !sameJson(object, remaining) ? normalDiff(yamlOf(object), yamlOf(remaining)) : '';
  const text = (): void => {
    if (!remaining) context.io.out.write(`${what} are not configured for '${kind}'\n`);
    else if (diff === '') context.io.out.write(`No fields are ignored by ${name} settings\n`);
    else context.io.out.write(`Following fields are ignored:\n\n${diff}`);
  };
  await writeResult(
    { kind, configured: remaining !== undefined, remaining: remaining ?? object },
    { output, text },
    context,
  );
}

export const yamlOf = (object: OverrideSource['object']): string => formatYaml(object, { sortKeys: true });
