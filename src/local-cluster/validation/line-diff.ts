import { structuredPatch } from 'diff';

/** What differs between two texts, line by line, as the API server shows it: with three lines around each change. */
export function lineDiff(before: string, after: string): string {
  const { hunks } = structuredPatch('', '', `${before}\n`, `${after}\n`, '', '', { context: 3 });
  return hunks
    .map(({ oldStart, oldLines, newStart, newLines, lines }) => {
      const head = `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`;
      return [head, ...lines].map((line) => `${line}\n`).join('');
    })
    .join('');
}

const range = (start: number, length: number): string => (length === 1 ? String(start) : `${start},${length}`);
