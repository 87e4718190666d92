// Prints the bytes that a client of a server far away can ever load: the bundle without the embedded system.

import { bundle } from './bundle.js';

const { clientBytes } = await bundle({ write: false });
console.log(clientBytes);
