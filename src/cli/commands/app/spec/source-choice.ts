import { HawserError } from '../../../../core/errors.ts';
import { type ApplicationSpec, hasMultipleSources, sourcesOf } from '../../../../model/application.ts';
import type { Flag } from '../../../input/flags.ts';

export interface SourceChoice {
  readonly sourceName?: string;
  readonly sourcePosition?: number;
}

export const SOURCE_POSITION = {
  name: 'source-position',
  type: 'int',
  default: -1,
  summary: 'position of the source, starting at 1',
} as const satisfies Flag;

export const SOURCE_NAME = {
  name: 'source-name',
  type: 'string',
  value: 'name',
  summary: 'name of the source',
} as const satisfies Flag;

/** Revisions of several sources, each named by its position or its name. */
export const REVISIONS_FLAGS = [
  {
    name: 'revisions',
    type: 'stringArray',
    value: 'revision',
    summary: 'revisions of several sources, one for each position or name',
  },
  {
    name: 'source-positions',
    type: 'int64Slice',
    default: [],
    typedOnly: true,
    summary: 'positions of the sources for --revisions, starting at 1',
  },
  { name: 'source-names', type: 'stringArray', value: 'name', summary: 'names of the sources for --revisions' },
] as const satisfies readonly Flag[];

/** Names and positions are two ways to say one thing: both at once are refused before anything is asked. */
export function refuseNameAndPosition(hasName: boolean, hasPosition: boolean, plural = ''): void {
  if (!hasName || !hasPosition) return;
  throw wrong(`Only one of source-position${plural} and source-name${plural} can be specified.`);
}

export interface SourcesChoice {
  readonly sourceNames?: readonly string[];
  readonly sourcePositions?: readonly number[];
}

export function refuseNamesAndPositions({ sourceNames, sourcePositions }: SourcesChoice): void {
  refuseNameAndPosition((sourceNames ?? []).length > 0, (sourcePositions ?? []).length > 0, 's');
}

/** The positions, from 1, of the sources that are meant. */
export function chosenSources(spec: ApplicationSpec, { sourceNames, sourcePositions }: SourcesChoice): number[] {
  const sources = sourcesOf(spec);
  const positions = (sourceNames ?? []).map((name) => {
    const index = sources.findIndex((source) => source.name === name);
    if (index >= 0) return index + 1;
    throw unknownSource(name);
  });
  return [...(sourcePositions ?? []), ...positions];
}

const unknownSource = (name: string): HawserError =>
  new HawserError('not-found', `Unknown source name '${name}'`, { reason: { kind: 'no-match' } });

/** The index of the source that is meant, from 0; undefined for an application of one source. */
export function chosenSource(spec: ApplicationSpec, choice: SourceChoice): number | undefined {
  const { sourceName, sourcePosition = -1 } = choice;
  refuseNameAndPosition(sourceName !== undefined, sourcePosition !== -1);
  const sources = sourcesOf(spec);
  if (sourceName !== undefined && hasMultipleSources(spec)) {
    const index = sources.findIndex((source) => source.name === sourceName);
    if (index >= 0) return index;
    throw unknownSource(sourceName);
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
  new HawserError('usage', message, {
    hint: '--source-position counts from 1',
    reason: { kind: 'invalid-argument' },
  });
