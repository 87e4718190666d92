import type { Command } from 'commander';
import { windowTable } from '../../../../render/sync-windows.ts';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag } from '../../../input/flags.ts';
import { checkFormat, outputFlag, writeDocument } from '../../../output/document.ts';
import { readProject } from '../shared/read-project.ts';

const FORMATS = ['wide', 'json', 'yaml'];

const LIST_FLAGS = [{ ...outputFlag('wide, json or yaml'), default: 'wide' }] as const satisfies readonly Flag[];

export function listWindowsCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'list',
      description: 'Lists the sync windows of a project, and which of them are active now.',
      arguments: ['<project>'],
      flags: LIST_FLAGS,
      examples: [
        { about: 'List the windows', line: 'hawser proj windows list shop' },
        { about: 'Print them as JSON', line: 'hawser proj windows list shop -o json' },
      ],
    },
    ({ output }, project) => runList(project, output, context),
  );
}

async function runList(name: string, output: string, context: Context): Promise<void> {
  checkFormat(output, FORMATS);
  const { spec } = await readProject(name, context);
  const windows = spec.syncWindows ?? [];
  if (await writeDocument(windows, output, context)) return;
  const { judgeWindows } = await import('../../../../model/window-schedule.ts');
  const { active } = judgeWindows(windows, context.clock.now());
  const states = windows.map((window) => ({ window, isActive: active.includes(window) }));
  const { style, table } = await context.view();
  const tail = context.policy.own.add(() => [], ['']);
  context.io.out.write(table(windowTable(states, tail), style));
}
