// Prints the bytes that a client of a server far away can ever load: the bundle without the embedded system.

import { bundle } from './bundle.js';

const outputs = await bundle({ write: false, external: ['./cli/system.ts'] });
console.log(Object.values(outputs).reduce((sum, size) => sum + size, 0));
