import { HawserError } from '../../../core/errors.ts';
import { type ApplicationSpec, hasMultipleSources, sourcesOf } from '../../../model/application.ts';
import type { Flag } from '../../flags.ts';

export interface SourceChoice {
  readonly sourceName?: string;
  readonly sourcePosition?: number;
}

export const SOURCE_POSITION: Flag = {
  name: 'source-position',
  type: 'int',
  default: -1,
  summary: 'which of several sources is meant, from 1',
};

export const SOURCE_NAME: Flag = {
  name: 'source-name',
  type: 'string',
  value: 'name',
  summary: 'which of several sources is meant, by name',
};

/** The index of the source that is meant, from 0; undefined for an application of one source. */
export function chosenSource(spec: ApplicationSpec, choice: SourceChoice): number | undefined {
  const { sourceName, sourcePosition = -1 } = choice;
  if (sourceName !== undefined && sourcePosition !== -1) {
    throw wrong('Only one of source-position and source-name can be specified.');
  }
  const sources = sourcesOf(spec);
  if (sourceName !== undefined && hasMultipleSources(spec)) {
    const index = sources.findIndex((source) => source.name === sourceName);
    if (index >= 0) return index;
    throw new HawserError('not-found', `Unknown source name '${sourceName}'`, { details: { argocdExit: 1 } });
  }
  if (!hasMultipleSources(spec)) return undefined;
  if (sourcePosition <= 0) {
    throw wrong(
      'Source position should be specified and must be greater than 0 for applications with multiple sources',
    );
  }
  if (sourcePosition > sources.length) {
    throw wrong('Source position should be less than the number of sources in the application');
  }
  return sourcePosition - 1;
}

const wrong = (message: string): HawserError =>
  new HawserError('usage', message, { hint: '--source-position counts from 1', details: { argocdExit: 20 } });
