// What a command writes as JSON, printed as something else.

import { HawserError } from '../../core/errors.ts';
import { type Json, parseJson } from '../../core/json.ts';

/** What is printed of one document. */
export type Reshape = (document: Json) => string | Promise<string>;

/** Takes what a command writes; the documents in it are printed as they are reshaped, in their order. */
export interface Reshaping {
  take(text: string): void;
  /** Everything taken is printed; throws what could not be reshaped. */
  end(): Promise<void>;
}

export function createReshaping(reshape: Reshape, print: (text: string) => void): Reshaping {
  let last = Promise.resolve();
  let rest = '';
  return {
    take(text) {
      const documents = documentsIn(rest + text);
      rest = documents ? '' : rest + text;
      for (const document of documents ?? []) last = last.then(async () => print(await reshape(document)));
      // It is thrown at the end.
      last.catch(() => undefined);
    },
    async end() {
      await last;
      if (rest.trim() !== '') throw new HawserError('internal', 'the answer is no JSON');
    },
  };
}

/** One document, or one a line; undefined where a text is neither (yet). */
function documentsIn(text: string): readonly Json[] | undefined {
  if (text.trim() === '') return [];
  const whole = parsed(text);
  if (whole !== undefined) return [whole];
  const lines = text.split('\n').filter((line) => line !== '');
  const documents = lines.map(parsed);
  return documents.every((document) => document !== undefined) ? documents : undefined;
}

function parsed(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
