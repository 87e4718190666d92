import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

test.each(['schemas.ts', 'resources.ts', 'wire.ts'])(
  'the generated %s is what the facts of Kubernetes give',
  (file) => {
    const folder = mkdtempSync(join(tmpdir(), 'hawser-generated-'));
    try {
      const script = join(root, 'scripts/generate-kubernetes.js');
      execFileSync(process.execPath, [script, join(root, '../shared/reference'), folder]);
      const made = readFileSync(join(folder, file), 'utf8');
      expect(readFileSync(join(root, 'src/objects/generated', file), 'utf8') === made).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
