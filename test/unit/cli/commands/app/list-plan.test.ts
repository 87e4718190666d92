import { describe, expect, test } from 'vitest';
import { fieldsFor } from '../../../../../src/cli/commands/app/list/plan.ts';
import { readListFormat } from '../../../../../src/cli/output/list.ts';

const fields = async (output: string | undefined, needs: readonly string[] = [], sendsAny = false): Promise<string> =>
  fieldsFor({ format: await readListFormat(output), needs, sendsAny })?.replaceAll('items.', '') ?? 'everything';

const ALWAYS = 'metadata.name,metadata.namespace,spec';

describe('what a list asks a server for', () => {
  test.each([
    ['name', [], ALWAYS],
    ['name', ['status.history'], 'everything'],
    [
      'name',
      ['status.operationState.startedAt'],
      `${ALWAYS},status.operationState.phase,status.operationState.startedAt`,
    ],
    ['custom-columns=H:.status.health.status', [], `${ALWAYS},status.health`],
    ['custom-columns=R:.spec.source.repoURL', [], ALWAYS],
    ['custom-columns=R:.status.sync.revision', [], 'everything'],
    ['custom-columns=H:.status.reconciledAt', [], 'everything'],
    ['custom-columns=H:.status.resources[0].name', [], 'everything'],
    ['wide', [], 'everything'],
    [undefined, [], 'everything'],
    ['json', [], 'everything'],
  ])('-o %s with the needs %j, of the reference, is %s', async (output, needs, asked) => {
    expect(await fields(output, needs)).toBe(asked);
  });

  test('ours sends any field, so that the tables ask for what they show', async () => {
    expect(await fields('wide', ['status.history'], true)).toContain('status.operationState.message,status.history');
    expect(await fields('json', [], true)).toBe('everything');
  });
});
