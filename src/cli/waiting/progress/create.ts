// How a wait is told while it lasts: a frame that is redrawn in a terminal, one line per change or one event per change
// elsewhere, the reference's rows in drop-in mode.

import { ciOf } from '../../ci/detect.ts';
import { usesScreenReader } from '../../config/preferences.ts';
import type { Context } from '../../context.ts';
import { canFrame } from '../../io/frame.ts';
import { styleFor } from '../../io/style.ts';
import { showsUnicode } from '../../io/unicode.ts';
import { PROGRESS_MODES, type ProgressMode } from '../flags.ts';
import type { Progress, ProgressSetting } from './progress.ts';

const SILENT: Progress = {
  begin: () => undefined,
  show: () => undefined,
  say: () => undefined,
  pause: () => undefined,
  conclude: () => undefined,
  end: () => undefined,
};

/** The progress that fits the place, the format of the answer, and what was asked for. */
export async function createProgress(setting: ProgressSetting, context: Context): Promise<Progress> {
  const { io, env, policy } = context;
  const isDocument = setting.output === 'json' || setting.output === 'yaml';
  if (policy.layout.progress === 'rows') {
    return isDocument ? { ...SILENT, say: context.say } : (await import('./rows.ts')).rowProgress(context);
  }
  const mode = await modeOf(setting, context);
  if (mode === 'none') return { ...SILENT, say: context.say };
  if (mode === 'json') return (await import('./events.ts')).eventProgress(setting, context);
  const { UNICODE_GLYPHS, ASCII_GLYPHS } = await import('../../../render/glyphs.ts');
  const style = await styleFor(io.err, context.globals().color, env);
  const look = { style, glyphs: showsUnicode(env) ? UNICODE_GLYPHS : ASCII_GLYPHS };
  if (mode === 'auto' && canFrame(io.err, env)) {
    return (await import('./frame.ts')).frameProgress(setting, look, context);
  }
  const { lineProgress } = await import('./lines.ts');
  return folded(lineProgress({ ...setting, isDocument }, look, context), setting, context);
}

async function folded(lines: Progress, { task, several }: ProgressSetting, context: Context): Promise<Progress> {
  if (ciOf(context) === 'none') return lines;
  const [{ sectionOf }, { inSection }] = await Promise.all([import('../../ci/sections.ts'), import('./section.ts')]);
  const section = sectionOf(`hawser app ${task}`, context);
  return section ? inSection(lines, section, several) : lines;
}

/** Progress for as long as something runs. */
export async function withProgress<T>(
  setting: ProgressSetting,
  context: Context,
  run: (progress: Progress) => Promise<T>,
): Promise<T> {
  const progress = await createProgress(setting, context);
  try {
    return await run(progress);
  } finally {
    progress.end();
  }
}

/** A screen reader reads lines, not a picture that changes. */
async function modeOf({ mode }: ProgressSetting, { env }: Context): Promise<ProgressMode> {
  if (mode !== undefined) return mode;
  if (await usesScreenReader(env)) return 'plain';
  return PROGRESS_MODES.find((known) => known === env['HAWSER_PROGRESS']) ?? 'auto';
}
