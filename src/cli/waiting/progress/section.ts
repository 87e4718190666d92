import type { Section } from '../../ci/sections.ts';
import type { Progress } from './progress.ts';

/** A progress whose lines are folded away by a pipeline; the results stand behind them. */
export function inSection(progress: Progress, section: Section, several: boolean): Progress {
  const results: (() => void)[] = [];
  const close = (): void => {
    section.end();
    for (const tell of results.splice(0)) tell();
  };
  return {
    begin: (app, states) => {
      section.begin();
      progress.begin(app, states);
    },
    show: (app, states) => {
      section.begin();
      progress.show(app, states);
    },
    say: progress.say,
    pause: () => {
      close();
      progress.pause();
    },
    conclude: (application, failure) => {
      results.push(() => progress.conclude(application, failure));
      if (!several) close();
    },
    end: () => {
      close();
      progress.end();
    },
  };
}
