import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { getApplication, updateApplicationSpec } from '../../../api/applications.ts';
import { HawserError, messageOf, type Reason } from '../../../core/errors.ts';
import { parse } from '../../../core/shape.ts';
import { formatYaml, parseYaml } from '../../../core/yaml.ts';
import { type ApplicationSpec, applicationSpec } from '../../../model/application.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { NAMESPACE_FLAG, targetOf } from './shared/target.ts';

const EDIT_FLAGS = [NAMESPACE_FLAG] as const satisfies readonly Flag[];

export type EditOptions = OptionsOf<typeof EDIT_FLAGS> & { readonly name: string };

export function editCommand(context: Context, run = runEdit): Command {
  return defineCommand(
    {
      name: 'edit',
      description: 'Opens the spec of an application in $EDITOR and saves what you make of it.',
      arguments: ['<appname>'],
      flags: EDIT_FLAGS,
    },
    (options, name) => run({ name, ...options }, context),
  );
}

const HEADER = [
  '# The spec of the application. Lines that begin with # are left out;',
  '# an empty file, or one without a change, changes nothing.',
];

async function runEdit(options: EditOptions, context: Context): Promise<void> {
  const { client } = await context.connect();
  const target = targetOf(options.name, options.appNamespace);
  const { spec } = await client.call(getApplication, target);
  const before = formatYaml(spec, { sortKeys: true });
  const folder = await mkdtemp(join(tmpdir(), 'hawser-edit-'));
  const file = join(folder, `${target.name}-edit.yaml`);
  let text = before;
  let complaint: readonly string[] = [];
  try {
    for (;;) {
      await writeFile(file, `${[...HEADER, ...complaint].join('\n')}\n${text}`, { mode: 0o600 });
      await openEditor(file, context);
      const edited = withoutComments(await readFile(file, 'utf8'));
      if (edited.trim() === '' || edited === before || edited === text) throw nothingSaved(complaint);
      try {
        await client.call(updateApplicationSpec, { ...target, spec: readSpec(edited, file), validate: false });
        return;
      } catch (thrown) {
        complaint = [
          '#',
          ...messageOf(thrown)
            .split('\n')
            .map((line) => `# error: ${line}`),
        ];
        text = edited;
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function readSpec(text: string, file: string): ApplicationSpec {
  return parse(applicationSpec, parseYaml(text, file), 'spec');
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

function openEditor(file: string, { env, signal }: Context): Promise<void> {
  const [program = 'vi', ...words] = (env['EDITOR'] || 'vi').split(/\s+/).filter(Boolean);
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...words, file], { stdio: 'inherit', signal });
    child.on('error', (thrown) => {
      const hint = 'set EDITOR to a program that is there';
      const reason: Reason = { kind: 'editor-missing', program };
      reject(new HawserError('missing-tool', `cannot start ${program}: ${thrown.message}`, { hint, reason }));
    });
    child.on('close', (code) => {
      if (code === 0) resolve();
      else {
        const reason: Reason = { kind: 'editor-failed', status: code };
        reject(new HawserError('invalid', `${program} ended with ${code}: nothing was changed`, { reason }));
      }
    });
  });
}
