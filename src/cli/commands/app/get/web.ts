// `app get --web`: the page of an application in the browser.

import { hasPage } from '../../../../client/page.ts';
import { HawserError } from '../../../../core/errors.ts';
import type { Application } from '../../../../model/application.ts';
import { qualifiedName } from '../../../../model/application.ts';
import type { Context } from '../../../context.ts';
import { openBrowser } from '../../../io/programs.ts';
import { applicationUrl } from '../../../waiting/summary.ts';

export async function openPage(application: Application, context: Context): Promise<void> {
  const connection = await context.connect();
  const label = qualifiedName(application);
  const url = connection.local ? undefined : await applicationUrl(connection, label, context);
  if (url === undefined) throw noPages('the local system has no web pages', application);
  // The server says where its pages are: nothing but a page is opened.
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new HawserError('bad-answer', `the server names '${url}' as the page, which is no web address`);
  }
  const { origin, pathname } = new URL(url);
  // A server that cannot be asked from here may well be reached by the browser, behind its own proxy or login.
  if (!(await hasPage(connection.reach(origin), pathname, context.signal).catch(() => true)))
    throw noPages(`${connection.client.address} has no web pages`, application);
  if (!(await openBrowser(url, context))) {
    throw new HawserError('missing-tool', 'no program here opens web pages', { hint: `open ${url}` });
  }
  context.say(`opening ${url}`);
}

const noPages = (message: string, { metadata }: Application): HawserError =>
  new HawserError('not-implemented', message, { hint: `hawser app get ${metadata.name} shows it here` });
