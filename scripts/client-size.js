// Prints the bytes that a client of a server far away can ever load: the bundle without the embedded system.

import { bundle } from './bundle.js';

const { 'dist/system.js': _system, ...client } = await bundle({ write: false });
console.log(Object.values(client).reduce((sum, size) => sum + size, 0));
