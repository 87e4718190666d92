import type { ApplicationTarget } from '../../../../api/applications.ts';
import { watchApplication } from '../../../../client/watch.ts';
import { HawserError } from '../../../../core/errors.ts';
import type { Application } from '../../../../model/application.ts';
import { usesScreenReader } from '../../../config/preferences.ts';
import type { Context } from '../../../context.ts';
import { createPicture, isLive } from '../../../io/redraw.ts';
import { isDocument } from '../../../output/document.ts';

export interface Watched {
  readonly target: ApplicationTarget;
  /** json and yaml are printed as documents, everything else as a text. */
  readonly format: string;
  describe(app: Application): Promise<string>;
}

/** Shows an application, and again whenever that would look different: in place in a terminal, block by block elsewhere. */
export async function watchOne(first: Application, watched: Watched, context: Context): Promise<void> {
  const { io, env, signal, clock } = context;
  const { target, format } = watched;
  const isDrawn = !isDocument(format) && isLive(io.out, env) && !(await usesScreenReader(env));
  const picture = isDrawn ? createPicture(io.out) : undefined;
  let last = '';
  const show = async (app: Application): Promise<void> => {
    const text = await renderOne(app, watched);
    if (text === last) return;
    if (picture) picture.draw(text);
    else io.out.write(last === '' || isDocument(format) ? text : `\n${text}`);
    last = text;
  };
  await show(first);
  const { client } = await context.connect();
  const { name, appNamespace, project } = target;
  const projects = project === undefined ? undefined : [project];
  const query = { name, appNamespace, projects, resourceVersion: first.metadata.resourceVersion };
  try {
    for await (const event of watchApplication(client, query, { signal, clock, onDrop: context.say })) {
      if (event.type === 'DELETED') throw new HawserError('not-found', `application '${target.name}' was deleted`);
      await show(event.application);
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
}

async function renderOne(app: Application, { format, describe }: Watched): Promise<string> {
  if (format === 'json') return `${JSON.stringify(app)}\n`;
  if (format !== 'yaml') return describe(app);
  const { formatYaml } = await import('../../../../core/yaml.ts');
  return `---\n${formatYaml(app, { sortKeys: true })}`;
}
