/** The order of texts by their code units, as Go sorts strings; an absent one counts as empty. */
export const compareText = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0);
