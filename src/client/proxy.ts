/** The proxy that the environment names for an address, undefined where none stands between. */
export function proxyFor(url: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  const named = (name: string): string | undefined => env[name.toLowerCase()] || env[name] || undefined;
  const proxy = named(protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY') ?? named('ALL_PROXY');
  if (proxy === undefined) return undefined;
  const place = `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
  const passed = (named('NO_PROXY') ?? '').split(/[\s,]+/).some((rule) => isPassed(rule, hostname, place));
  return passed ? undefined : proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** '*', 'host', '.domain', '*.domain', each with a port where it ends in one. */
function isPassed(rule: string, hostname: string, place: string): boolean {
  if (rule === '') return false;
  if (rule === '*') return true;
  const [name = '', port] = rule.replace(/^\*/, '').split(':');
  if (port !== undefined && !place.endsWith(`:${port}`)) return false;
  return hostname === name || hostname.endsWith(name.startsWith('.') ? name : `.${name}`);
}
