// A manifest on stdout or in a file, as the reference's generators write it.

import { promises as fs } from 'node:fs';
import { formatJson } from '../../render/json.ts';
import { writeWhole } from '../config/whole-file.ts';
import type { Context } from '../context.ts';
import { checkFormat } from '../output/document.ts';

const FILE_MODE = 0o644;

export interface ManifestOutput {
  readonly format: string;
  /** '-' is stdout. */
  readonly to: string;
}

/** Each document, in YAML one after the other. Throws `usage` for another format. */
export async function writeManifests(
  documents: readonly object[],
  { format, to }: ManifestOutput,
  context: Context,
): Promise<void> {
  checkFormat(format, ['yaml', 'json']);
  const text = format === 'json' ? documents.map((one) => formatJson(one)).join('') : await yamlOf(documents);
  if (to === '-') context.io.out.write(text);
  else {
    await context.policy.own.add(() => async () => undefined, keepFormer)(to);
    await writeWhole(to, text, FILE_MODE);
  }
}

/** The reference leaves the file as it was beside the new one. */
async function keepFormer(path: string): Promise<void> {
  await fs.copyFile(path, `${path}.back`).catch(() => undefined);
}

async function yamlOf(documents: readonly object[]): Promise<string> {
  const { formatYaml } = await import('../../core/yaml.ts');
  return documents.map((document) => formatYaml(document, { sortKeys: true })).join('---\n');
}
