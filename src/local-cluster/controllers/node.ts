/** The name of the one node. */
export const NODE = 'node-1';
