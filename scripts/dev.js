// Runs the sources as they are, without a bundle: `npm run -s dev -- app list`.

import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

register();
process.argv[1] = fileURLToPath(new URL('../bin/hawser.js', import.meta.url));
const { main } = await import('../src/main.ts');
await main();
