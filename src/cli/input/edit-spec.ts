// A spec edited as YAML in $EDITOR: what cannot be saved comes up again with the reason above it.

import { HawserError, messageOf } from '../../core/errors.ts';
import { formatYaml } from '../../core/yaml.ts';
import type { Context } from '../context.ts';
import { openEditor } from './edit-text.ts';
import { withTemporaryFolder } from './temporary-folder.ts';

export interface EditedSpec {
  /** 'application': what the spec is of. */
  readonly what: string;
  readonly fileName: string;
  readonly spec: unknown;
  /** `file` is named in errors; what is thrown is told in the next round. */
  save(text: string, file: string): Promise<unknown>;
}

/** Throws `invalid` where the editor is left without a change. */
export async function editSpec({ what, fileName, spec, save }: EditedSpec, context: Context): Promise<void> {
  const before = formatYaml(spec, { sortKeys: true });
  const header = [
    `# The spec of the ${what}. Lines that begin with # are left out;`,
    '# an empty file, or one without a change, changes nothing.',
  ];
  await withTemporaryFolder('hawser-edit-', async (folder) => {
    let text = before;
    let complaint: readonly string[] = [];
    for (;;) {
      const file = await folder.write(fileName, `${[...header, ...complaint].join('\n')}\n${text}`);
      await openEditor(file, context);
      const edited = withoutComments(await folder.read(fileName));
      if (edited.trim() === '' || edited === before || edited === text) throw nothingSaved(complaint);
      try {
        await save(edited, file);
        return;
      } catch (thrown) {
        const lines = messageOf(thrown).split('\n');
        const hints = thrown instanceof HawserError && thrown.hint !== undefined ? [`# hint: ${thrown.hint}`] : [];
        complaint = ['#', ...lines.map((line) => `# error: ${line}`), ...hints];
        text = edited;
      }
    }
  });
}

const withoutComments = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');

const nothingSaved = (complaint: readonly string[]): HawserError =>
  new HawserError('invalid', 'edit cancelled, no valid changes were saved', {
    hint: complaint.length > 1 ? complaint.slice(1).join(' ').replaceAll('# ', '') : 'nothing was changed',
  });
