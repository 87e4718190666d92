// One question after another, until somebody says "all".

import type { Context } from '../context.ts';

export interface EachQuestion {
  readonly several: boolean;
  /** Nobody is asked. */
  readonly isForAll: boolean;
  /** In our own words. */
  readonly message: (name: string) => string;
  /** As the reference asks: about the one, or about each of several. */
  readonly line: (name: string) => string;
  readonly eachLine: (name: string) => string;
}

/** Whether it is to be done with this one. */
export function agreeEach(question: EachQuestion, { prompt }: Context): (name: string) => Promise<boolean> {
  const { several, message, line, eachLine } = question;
  let { isForAll } = question;
  return async (name) => {
    if (isForAll) return true;
    const asked = { message: message(name), preset: false };
    if (!several) return prompt.confirm({ ...asked, line: line(name) });
    const answer = await prompt.confirmEach({ ...asked, line: eachLine(name) });
    isForAll = answer === 'all';
    return answer !== 'no';
  };
}
