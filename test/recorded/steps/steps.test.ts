// Requests one after the other, as a real API server has answered them.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { type JsonObject, listAt, objectAt, textAt } from '../../../src/core/json.ts';
import { openKubeCalls } from '../../support/kube-calls.ts';
import { headersOf, saidOf } from './said.mjs';

const scenesIn = (file: string): [string, JsonObject][] =>
  listAt({ scenes: JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) }, 'scenes').map((scene) => [
    textAt(scene, 'name'),
    objectAt(scene),
  ]);

describe.each(['kinds.json', 'owners.json', 'mutations.json'])('%s', (file) => {
  test.each(scenesIn(file))('%s', async (_name, scene) => {
    const calls = await openKubeCalls(systemClock);
    for (const one of listAt(scene, 'steps')) {
      const step = objectAt(one);
      const { body } = step;
      const sent = body === undefined ? undefined : objectAt(body);
      const [method, path] = [textAt(step, 'method'), textAt(step, 'path')];
      const answer = await calls.call(method, path, sent, { headers: headersOf(step) });
      expect({ path, ...saidOf(answer, step) }).toEqual({ path, ...objectAt(step, 'said') });
    }
    await calls.close();
  });
});
