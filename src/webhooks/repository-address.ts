// Whether two addresses are of one repository: hosts tell the address of its page, applications clone it by https, ssh or
// git@host:path, with and without port, user name, `.git` and capital letters.

const patterns = new Map<string, RegExp | undefined>();
const MAX_PATTERNS = 1000;

export function isSameRepository(webUrl: string, repoUrl: string): boolean {
  if (!patterns.has(webUrl)) {
    if (patterns.size >= MAX_PATTERNS) patterns.clear();
    patterns.set(webUrl, patternOf(webUrl));
  }
  return patterns.get(webUrl)?.test(repoUrl) ?? false;
}

function patternOf(webUrl: string): RegExp | undefined {
  if (!URL.canParse(webUrl)) return undefined;
  const { hostname, pathname } = new URL(webUrl);
  const path = pathname.replace(/^\/+/, '').replace(/\.git$/i, '');
  if (hostname === '' || path === '') return undefined;
  const scheme = '(?:(?:https?|ssh)://)?';
  const user = '(?:[a-z0-9_.$][\\w.$-]*(?::[^@/]*)?@)?';
  const host = `(?:(?:alt)?ssh\\.)?${quoted(hostname)}`;
  return new RegExp(`^${scheme}${user}${host}(?::\\d+)?[:/]+${quoted(path)}(?:\\.git)?/?$`, 'i');
}

const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
