// What the links of the settings come to: loaded where there are some.

import type { Links } from '../../api/links.ts';
import { evaluate } from '../../core/expr/evaluate.ts';
import { goTemplate } from '../../core/go-template/run.ts';
import { type JsonObject, textAt } from '../../core/json.ts';
import { loadRegExps } from '../../core/regexp.ts';

type Items = NonNullable<Links['items']>;

export async function fillLinks(entries: readonly JsonObject[], names: JsonObject): Promise<Items> {
  if (entries.some((entry) => /\bmatches\b/.test(textAt(entry, 'if')))) await loadRegExps();
  return entries.flatMap((entry) => linkOf(entry, names));
}

function linkOf(entry: JsonObject, names: JsonObject): Items {
  const [title, url, condition] = [textAt(entry, 'title'), textAt(entry, 'url'), textAt(entry, 'if')];
  if (title === '' || url === '') return [];
  const [description, iconClass] = [textAt(entry, 'description'), textAt(entry, 'icon.class')];
  try {
    if (condition !== '' && evaluate(condition, names) !== true) return [];
    const filled = goTemplate(url)(names);
    return [{ title, url: filled, ...(description ? { description } : {}), ...(iconClass ? { iconClass } : {}) }];
  } catch {
    // What does not fit this object makes no link.
    return [];
  }
}
