const KEY = String.raw`[^\s=!<>(),]+`;
const REQUIREMENT = new RegExp(
  String.raw`^\s*(!?\s*${KEY}|${KEY}\s*(==?|!=|<|>)\s*[^\s=!<>(),]*|${KEY}\s+(in|notin)\s*\([^()]*\))\s*$`,
);

/** Whether a text has the form of a label selector; what its keys and values may be the server says. */
export const isSelector = (text: string): boolean =>
  text.trim() === '' || text.split(/,(?![^()]*\))/).every((requirement) => REQUIREMENT.test(requirement));
