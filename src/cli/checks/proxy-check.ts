import { chooseProxy } from '../../core/proxy.ts';
import { withoutLogins } from '../../core/url.ts';
import type { Finding } from '../../model/checkup.ts';
import type { Connection } from '../context.ts';
import type { Environment } from '../io/colour.ts';

export function proxyFinding({ transport }: Connection, env: Environment): Finding {
  if (!('baseURL' in transport)) return { verdict: 'ok', message: 'none is needed', facts: { proxy: '' } };
  const { proxy, why } = chooseProxy(transport.baseURL, env);
  if (proxy === undefined) return { verdict: 'ok', message: `none: ${why}`, facts: { proxy: '', reason: why } };
  const address = withoutLogins(proxy);
  return { verdict: 'ok', message: `${address}, named by ${why}`, facts: { proxy: address, reason: why } };
}
